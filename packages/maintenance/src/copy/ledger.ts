import { AthenaError, identifier } from '@athena-pg/database'
import type pg from 'pg'
import type { CopyTable } from './tables.ts'

/** Where a copy comes from, so that a resumed one goes on with the same. */
export interface CopyOrigin {
  location: string
  /** Names of the projects that are copied; empty: all. */
  projects: readonly string[]
}

/** Gone when the copy is complete and has been compared. */
const schema = `
CREATE SCHEMA athena_copy;
COMMENT ON SCHEMA athena_copy IS 'How far athena copy has got; dropped by it when the copy is complete.';
CREATE TABLE athena_copy.source (location text PRIMARY KEY, projects text[] NOT NULL);
CREATE TABLE athena_copy.progress (unit text PRIMARY KEY, last_key text[] NOT NULL, rows_written bigint NOT NULL);`

/**
 * Writes nothing.
 * @throws AthenaError target_not_empty, copy_of_another_source
 */
export async function refuseOtherCopy(
  client: pg.ClientBase,
  origin: CopyOrigin,
  tables: readonly CopyTable[],
): Promise<void> {
  if (!(await isBegun(client))) return refuseRows(client, tables)
  const { rows } = await client.query<{ location: string; projects: string[] }>('SELECT * FROM athena_copy.source')
  const begun = rows[0]
  if (begun?.location === origin.location && JSON.stringify(begun.projects) === JSON.stringify(sorted(origin))) return
  const which = begun?.projects.length ? `, the projects ${begun.projects.join(', ')}` : ''
  throw new AthenaError({
    code: 'copy_of_another_source',
    message: 'another copy into this store has been begun',
    detail: `From ${begun?.location}${which}.`,
    hint: 'Go on with that one. Or begin anew with an empty store: DROP SCHEMA athena_copy, and empty the tables.',
  })
}

/** Begins a copy, or finds how far the one that was begun has got. */
export async function openCopy(
  client: pg.ClientBase,
  origin: CopyOrigin,
): Promise<Map<string, { lastKey: string[]; rows: number }>> {
  if (!(await isBegun(client))) {
    await client.query('BEGIN')
    try {
      await client.query(schema)
      await client.query('INSERT INTO athena_copy.source VALUES ($1, $2)', [origin.location, sorted(origin)])
      await client.query('COMMIT')
    } catch (error) {
      await client.query('ROLLBACK').catch(() => {})
      throw error
    }
  }
  const { rows } = await client.query<{ unit: string; last_key: string[]; rows_written: string }>(
    'SELECT * FROM athena_copy.progress',
  )
  return new Map(rows.map((row) => [row.unit, { lastKey: row.last_key, rows: Number(row.rows_written) }]))
}

async function isBegun(client: pg.ClientBase): Promise<boolean> {
  const { rows } = await client.query("SELECT to_regclass('athena_copy.progress') IS NOT NULL AS begun")
  return rows[0].begun
}

function sorted({ projects }: CopyOrigin): string[] {
  return [...projects].sort()
}

/** A new store has rows in search_settings alone. */
async function refuseRows(client: pg.ClientBase, tables: readonly CopyTable[]): Promise<void> {
  const asked = tables.filter((table) => table.name !== 'search_settings')
  const { rows } = await client.query(
    asked
      .map((table) => `SELECT '${table.name}' AS name WHERE EXISTS (SELECT FROM athena.${identifier(table.name)})`)
      .join(' UNION ALL '),
  )
  if (rows.length === 0) return
  throw new AthenaError({
    code: 'target_not_empty',
    message: 'the target store is not empty',
    detail: `There are rows in ${rows.map((row) => `athena.${row.name}`).join(', ')}. Ids are kept in a copy, so the two cannot be merged.`,
    hint: 'Copy into a new store: CREATE DATABASE …, athena migrate up, athena copy. Nothing was written.',
  })
}

export async function recordCopied(
  client: pg.ClientBase,
  unit: string,
  lastKey: string[],
  rows: number,
): Promise<void> {
  await client.query(
    `INSERT INTO athena_copy.progress VALUES ($1, $2, $3)
     ON CONFLICT (unit) DO UPDATE SET last_key = $2, rows_written = athena_copy.progress.rows_written + $3`,
    [unit, lastKey, rows],
  )
}

export async function closeCopy(client: pg.ClientBase): Promise<void> {
  await client.query('DROP SCHEMA athena_copy CASCADE')
}
