import { identifier, literal } from '@athena-pg/database'
import type pg from 'pg'
import type { SourceRow } from '../adopt/read-batch.ts'
import type { CopyTable } from './tables.ts'

/** Rows as they are, with their ids; references within the table are left for later. */
export async function writeCopy(client: pg.ClientBase, table: CopyTable, rows: readonly SourceRow[]): Promise<void> {
  const values = [JSON.stringify(rows)]
  if (table.name === 'episodic_events') await client.query(`${given(table)} ${months}`, values)
  const columns = table.columns.filter((column) => !table.within.includes(column.name))
  const from = columns.map((column) => `s.${identifier(column.name)}::${column.type}`)
  await client.query(
    `${given(table)} INSERT INTO athena.${identifier(table.name)} (${columns.map((each) => identifier(each.name)).join(', ')})
     OVERRIDING SYSTEM VALUE SELECT ${from.join(', ')} FROM s`,
    values,
  )
}

export async function writeWithin(
  client: pg.ClientBase,
  table: CopyTable,
  column: string,
  rows: readonly SourceRow[],
): Promise<void> {
  const type = table.columns.find((each) => each.name === column)?.type
  const same = table.keys.map((key) => `t.${identifier(key.name)} = s.${identifier(key.name)}::${key.type}`)
  await client.query(
    `${given(table)} UPDATE athena.${identifier(table.name)} AS t SET ${identifier(column)} = s.${identifier(column)}::${type}
       FROM s WHERE ${same.join(' AND ')}`,
    [JSON.stringify(rows)],
  )
}

function given({ columns }: CopyTable): string {
  const list = columns.map((column) => `${identifier(column.name)} text`)
  return `WITH s AS MATERIALIZED (SELECT * FROM json_to_recordset($1::json) AS s (${list.join(', ')}))`
}

const months = `SELECT athena.ensure_partitions('athena.episodic_events'::regclass, 0, month)
  FROM (SELECT DISTINCT date_trunc('month', s.happened_at::timestamptz, 'UTC') AS month FROM s) AS months`

/** New ids begin after all that the source has given, also after those of rows that are gone. Before the first row: others may write. */
export async function moveSequences(
  source: pg.ClientBase,
  target: pg.ClientBase,
  tables: readonly CopyTable[],
): Promise<void> {
  for (const { name: table, identity } of tables) {
    if (identity === undefined) continue
    const sequence = `pg_get_serial_sequence(${literal(`athena.${identifier(table)}`)}, ${literal(identity)})`
    const { rows } = await source.query<{ last: string | null }>(
      `SELECT greatest(pg_sequence_last_value(${sequence}::regclass), (SELECT max(${identifier(identity)}) FROM athena.${identifier(table)}))::text AS last`,
    )
    const last = rows[0]?.last
    if (last === null || last === undefined) continue
    await target.query(
      `SELECT setval(${sequence}, greatest($1::bigint, coalesce(pg_sequence_last_value(${sequence}::regclass), 1)))`,
      [last],
    )
  }
}
