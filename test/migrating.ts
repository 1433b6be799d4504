import type { Database } from '@athena-pg/database'
import {
  type Applied,
  type ApplyOptions,
  apply,
  catalogue,
  discover,
  type MigrationPackage,
  type PlanEvents,
  plan,
  type Target,
} from '@athena-pg/migrator'
import type pg from 'pg'
import { installed, type PackageSource } from './packages.ts'

const sessions = new WeakMap<Database, Promise<pg.Client>>()
const turns = new WeakMap<Database, Promise<unknown>>()

/**
 * Runs `work` with the spec's own session of this database, opened once: logging in takes longer than most queries.
 * One at a time, so never one within another.
 */
export function withClient<T>(database: Database, work: (client: pg.Client) => Promise<T>): Promise<T> {
  const session = sessions.get(database) ?? database.open('spec')
  sessions.set(database, session)
  const turn = (turns.get(database) ?? Promise.resolve()).catch(() => undefined).then(async () => work(await session))
  turns.set(database, turn)
  return turn
}

export async function query<Row extends object = Record<string, unknown>>(
  database: Database,
  sql: string,
  values?: unknown[],
): Promise<Row[]> {
  return withClient(database, async (client) => (await client.query<Row>(sql, values)).rows)
}

/** The packages as a project finds them that has them installed. */
export function packagesOf(sources: Record<string, PackageSource>): MigrationPackage[] {
  return discover({ packages: Object.keys(sources), project: installed(sources) })
}

/** Plans and applies, as `athena migrate up` and `down` do. */
export async function migrate(
  database: Database,
  packages: readonly MigrationPackage[],
  target: Partial<Target> = {},
  events: PlanEvents = {},
  options: ApplyOptions = {},
): Promise<readonly Applied[]> {
  const planned = await withClient(database, (client) => plan(client, packages, { direction: 'up', ...target }))
  return apply(database, planned, events, options)
}

/** Every schema that is not PostgreSQL's own, as canonical text, with the rows of the ledger. */
export async function everything(database: Database): Promise<string> {
  return withClient(database, async (client) => {
    const { rows } = await client.query(
      "SELECT array_agg(nspname::text ORDER BY nspname) AS schemas FROM pg_namespace WHERE nspname !~ '^pg_|^information_schema$'",
    )
    const text = await catalogue(client, rows[0].schemas)
    const ledgers: string[] = []
    for (const table of ['migrations', 'attempts', 'functions', 'repairs']) {
      const name = `athena_migrations.${table}`
      const { rows: found } = await client.query('SELECT to_regclass($1) IS NOT NULL AS there', [name])
      if (found[0].there) {
        const { rows: all } = await client.query(`SELECT to_jsonb(t)::text AS row FROM ${name} AS t ORDER BY 1`)
        ledgers.push(name, ...all.map(({ row }) => row))
      }
    }
    return [text, ...ledgers].join('\n')
  })
}

/** Names in the ledger, in the order of application. */
export async function ledgerNames(database: Database): Promise<string[]> {
  const rows = await query<{ name: string }>(database, 'SELECT name FROM athena_migrations.migrations ORDER BY id')
  return rows.map(({ name }) => name)
}
