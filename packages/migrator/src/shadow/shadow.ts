import { randomBytes } from 'node:crypto'
import { AthenaError, connect, type Database, identifier, openEmbedded } from '@athena-pg/database'
import type pg from 'pg'

export interface ShadowOptions {
  /** A server to make the shadow on; without one it is the embedded database (PostgreSQL 18), in memory. */
  url?: string | undefined
  /** Completes the URL, as libpq does; `process.env` by default. */
  env?: NodeJS.ProcessEnv | undefined
  /** Given what removes the shadow at once and ends what goes on in it: for whoever handles an interrupt. */
  opened?: ((remove: () => Promise<void>) => void) | undefined
}

/**
 * Runs `work` on an empty database of its own, which is gone afterwards. In memory there is nothing to leave behind; on a server
 * a database `athena_shadow_<random>` is created beside the one that the URL names, which is not touched itself. What a killed
 * run left there is dropped by the next one of the same role.
 *
 * @throws AthenaError `shadow_not_permitted`, `shadow_read_only`, and what connecting throws
 */
export async function withShadow<T>(options: ShadowOptions, work: (shadow: Database) => Promise<T>): Promise<T> {
  const shadow = await (options.url === undefined ? inMemory() : onServer(options.url, options.env ?? process.env))
  options.opened?.(shadow.remove)
  try {
    return await work(shadow.database)
  } finally {
    await shadow.remove()
  }
}

interface Shadow {
  database: Database
  /** Safe to call twice. */
  remove(): Promise<void>
}

async function inMemory(): Promise<Shadow> {
  const database = await openEmbedded()
  return { database, remove: () => database.close() }
}

async function onServer(url: string, env: NodeJS.ProcessEnv): Promise<Shadow> {
  const name = `athena_shadow_${randomBytes(8).toString('hex')}`
  const beside = await connect({ url, env })
  const shadow = await connect({ url: `${url}${url.includes('?') ? '&' : '?'}dbname=${name}`, env })
  let removing: Promise<void> | undefined
  try {
    // Its name in application_name tells other runs that somebody still works in that database.
    const keeper = await beside.open(`shadow ${name}`)
    await dropAbandoned(keeper)
    await create(keeper, name)
    return { database: shadow, remove: () => (removing ??= remove(keeper)) }
  } catch (error) {
    await beside.close()
    throw error
  }

  async function remove(keeper: pg.Client): Promise<void> {
    try {
      await shadow.close()
      await keeper.query(`DROP DATABASE IF EXISTS ${identifier(name)} WITH (FORCE)`)
    } finally {
      await beside.close()
    }
  }
}

async function create(keeper: pg.Client, name: string): Promise<void> {
  try {
    await keeper.query("SET lock_timeout = '10s'")
    // template1 may hold what a site puts into every database; the shadow begins empty.
    await keeper.query(`CREATE DATABASE ${identifier(name)} TEMPLATE template0`)
  } catch (cause) {
    const { code, message } = cause as { code?: string; message: string }
    if (code === '42501') throw await notPermitted(keeper, message, cause)
    if (code === '25006') throw readOnly(message, cause)
    throw cause
  }
}

/** Databases of this role that a killed run could not drop: nobody keeps them any more, and nobody is connected. */
async function dropAbandoned(keeper: pg.Client): Promise<void> {
  const { rows } = await keeper.query<{ name: string }>(
    `SELECT datname AS name FROM pg_database d
      WHERE datname ~ '^athena_shadow_[0-9a-f]{16}$' AND datdba = (SELECT oid FROM pg_roles WHERE rolname = current_user)
        AND NOT EXISTS (SELECT FROM pg_stat_activity a WHERE a.datid = d.oid OR a.application_name = 'athena shadow ' || d.datname)`,
  )
  for (const { name } of rows) {
    // Another run may be quicker: then it is gone.
    await keeper.query(`DROP DATABASE IF EXISTS ${identifier(name)}`).catch(() => undefined)
  }
}

async function notPermitted(keeper: pg.Client, detail: string, cause: unknown): Promise<AthenaError> {
  const { rows } = await keeper.query<{ role: string }>('SELECT quote_ident(current_user) AS role')
  return new AthenaError({
    code: 'shadow_not_permitted',
    message: 'this role may not create a database for the shadow',
    detail,
    hint: `Let an administrator run: ALTER ROLE ${rows[0]?.role} CREATEDB; or give another server or role by --shadow-url, or leave it out: the embedded database needs no server.`,
    cause,
  })
}

function readOnly(detail: string, cause: unknown): AthenaError {
  return new AthenaError({
    code: 'shadow_read_only',
    message: 'a shadow cannot be made on a server that takes no writes',
    detail,
    hint: 'Give a primary by --shadow-url, or leave it out: the embedded database needs no server.',
    cause,
  })
}
