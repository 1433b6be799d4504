import { identifier } from '@athena-pg/database'
import type pg from 'pg'
import { textForm } from '../adopt/read-batch.ts'
import type { CopyTable } from './tables.ts'

export interface CopyCompared {
  table: string
  sourceRows: number
  targetRows: number
  /** Of whole rows, but for what the database makes. */
  checksum: { source: string; target: string }
  same: boolean
}

/** Compares counts and whole rows, each database on its own. */
export async function compareCopy(
  source: pg.ClientBase,
  target: pg.ClientBase,
  tables: readonly CopyTable[],
  where: (table: CopyTable) => string | undefined,
): Promise<CopyCompared[]> {
  const compared: CopyCompared[] = []
  await target.query('BEGIN TRANSACTION READ ONLY')
  try {
    await target.query(textForm)
    for (const table of tables) {
      const filter = where(table)
      if (filter === undefined) continue
      const [theirs, ours] = [await side(source, table, filter), await side(target, table, filter)]
      const checksum = { source: theirs.checksum, target: ours.checksum }
      const same = theirs.rows === ours.rows && theirs.checksum === ours.checksum
      compared.push({ table: table.name, sourceRows: theirs.rows, targetRows: ours.rows, checksum, same })
    }
  } finally {
    await target.query('ROLLBACK').catch(() => {})
  }
  return compared
}

async function side(
  client: pg.ClientBase,
  table: CopyTable,
  where: string,
): Promise<{ rows: number; checksum: string }> {
  const columns = table.columns.map((column) => `t.${identifier(column.name)}`)
  const { rows } = await client.query(
    `SELECT count(*) AS rows, coalesce(sum(hashtextextended(ROW(${columns.join(', ')})::text, 0)::numeric), 0)::text AS checksum
       FROM athena.${identifier(table.name)} AS t WHERE ${where}`,
  )
  return { rows: Number(rows[0].rows), checksum: rows[0].checksum }
}
