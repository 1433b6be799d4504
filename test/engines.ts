import { randomBytes } from 'node:crypto'
import { cpSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { connect, type Database } from '@athena-pg/database'
import pg from 'pg'
import { describe, inject } from 'vitest'

/** An empty database of its own for one spec. */
export interface TestDatabase {
  database: Database
  /** Environment by which a child process reaches it. */
  env: Record<string, string>
  /** Working folder in which the embedded database is found; undefined on a server. */
  cwd?: string
  /** On a server: superuser's URL. */
  url?: string
  drop(): Promise<void>
}

export interface Engine {
  name: string
  kind: 'embedded' | 'server'
  create(): Promise<TestDatabase>
}

const template = inject('embeddedTemplate')
const servers = inject('servers')

/** The engines of this vitest project: the embedded database, or each server. */
export const engines: readonly Engine[] =
  template === undefined
    ? (servers ?? []).map(({ name, url }) => ({ name, kind: 'server', create: () => createOnServer(url) }))
    : [{ name: 'the embedded database', kind: 'embedded', create: () => copyTemplate(template) }]

/** Runs a suite once per engine; where there is none, its tests show as skipped. */
export function onEachEngine(title: string, suite: (engine: Engine) => void): void {
  if (engines.length === 0) {
    describe.skip(`${title}: no server`, () =>
      suite({ name: 'no server', kind: 'server', create: () => Promise.reject(new Error('no server')) }))
  }
  for (const engine of engines) describe(`${title} on ${engine.name}`, () => suite(engine))
}

async function createOnServer(server: string): Promise<TestDatabase> {
  const name = `athena_test_${randomBytes(6).toString('hex')}`
  await administer(server, `CREATE DATABASE ${name}`)
  const url = Object.assign(new URL(server), { pathname: `/${name}` }).href
  const database = await connect({ url })
  return {
    database,
    url,
    env: { DATABASE_URL: url },
    drop: async () => {
      await database.close()
      await administer(server, `DROP DATABASE ${name} WITH (FORCE)`)
    },
  }
}

/** Runs one statement as the server's superuser. */
export async function administer(server: string, sql: string): Promise<void> {
  const client = new pg.Client({ connectionString: server })
  await client.connect()
  try {
    await client.query(sql)
  } finally {
    await client.end()
  }
}

async function copyTemplate(from: string): Promise<TestDatabase> {
  const cwd = mkdtempSync(join(tmpdir(), 'athena-test-'))
  const folder = join(cwd, '.athena', 'data')
  cpSync(from, folder, { recursive: true })
  const database = await connect({ env: {}, folder })
  return {
    database,
    cwd,
    env: {},
    drop: async () => {
      await database.close()
      rmSync(cwd, { recursive: true, force: true })
    },
  }
}
