import { readFileSync } from 'node:fs'
import type pg from 'pg'

/** One object with all that hangs on it (a table with its indexes, say), as canonical text. */
export interface CatalogueRow {
  /** Kinds of objects in the order in which they are printed; see sql/catalogue.sql. */
  rank: number
  /** Quoted and qualified; of a function with its arguments. */
  name: string
  text: string
}

/**
 * The database's catalogue as canonical text, in the form of SQL: two databases that hold the same objects give the same
 * text, whatever the engine and version. Serves schema.sql, drift checks and tests.
 *
 * @param schemas to describe; the ledger's own schema is never among the defaults
 */
export async function catalogue(client: pg.ClientBase, schemas: readonly string[] = ['athena']): Promise<string> {
  return textOf(await catalogueRows(client, schemas))
}

export function textOf(rows: readonly CatalogueRow[]): string {
  return rows.map(({ text }) => `${text}\n`).join('\n')
}

/** The same, object by object. */
export async function catalogueRows(client: pg.ClientBase, schemas: readonly string[]): Promise<CatalogueRow[]> {
  const sql = readFileSync(new URL('../../sql/catalogue.sql', import.meta.url), 'utf8')
  // Names print qualified wherever the search_path does not reach; the other settings change how values print, or how the query is read.
  await client.query(
    "BEGIN; SET LOCAL search_path = pg_catalog; SET LOCAL TimeZone = 'UTC'; SET LOCAL DateStyle = 'ISO, YMD'; SET LOCAL IntervalStyle = postgres; SET LOCAL quote_all_identifiers = off; SET LOCAL standard_conforming_strings = on",
  )
  try {
    const { rows } = await client.query<CatalogueRow>(sql, [schemas])
    return rows
  } finally {
    await client.query('ROLLBACK')
  }
}
