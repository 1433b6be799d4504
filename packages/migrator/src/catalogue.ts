import { readFileSync } from 'node:fs'
import type pg from 'pg'

/**
 * The database's catalogue as canonical text, in the form of SQL: two databases that hold the same objects give the same
 * text, whatever the engine and version. Serves schema.sql, drift checks and tests.
 *
 * @param schemas to describe; the ledger's own schema is never among the defaults
 */
export async function catalogue(client: pg.ClientBase, schemas: readonly string[] = ['athena']): Promise<string> {
  const sql = readFileSync(new URL('../sql/catalogue.sql', import.meta.url), 'utf8')
  // Names print qualified wherever the search_path does not reach; the other settings change how values print.
  await client.query(
    "BEGIN; SET LOCAL search_path = pg_catalog; SET LOCAL TimeZone = 'UTC'; SET LOCAL DateStyle = 'ISO, YMD'; SET LOCAL IntervalStyle = postgres; SET LOCAL quote_all_identifiers = off",
  )
  try {
    const { rows } = await client.query<{ text: string }>(sql, [schemas])
    return rows.map(({ text }) => `${text}\n`).join('\n')
  } finally {
    await client.query('ROLLBACK')
  }
}
