import { identifier, literal } from '@athena-pg/database'
import type pg from 'pg'
import type { Origin, Sessions } from './adopt.ts'
import { type Reject, recordRejects } from './ledger.ts'
import { readBatch, type SourceRow, textForm } from './read-batch.ts'
import type { LinkUnit, Unit } from './unit.ts'
import { writeLinks } from './write-links.ts'
import { type Written, writeRows } from './write-rows.ts'

/**
 * Tries again what was rejected: rows first, then the ids that referred to nothing then. Each batch is one transaction; what a row that
 * is now there refers to is noted in it as not looked at yet, so that a run that ends anywhere is gone on with by the next retry.
 */
export async function retryRejects(
  { source, target }: Sessions,
  { schema }: Origin,
  units: readonly Unit[],
  batch: number,
): Promise<void> {
  const links = units.filter((unit) => unit.kind === 'links')
  for (const unit of units.filter((each) => each.kind === 'rows')) {
    const again = { source, target, schema, unit, batch, columns: unit.reads, isRow: true }
    const own = links.filter((link) => link.source === unit.source)
    await retryUnit(again, async (rows) => {
      await forget(target, unit.id, rows)
      const result = await writeRows(target, unit, rows)
      const refused = new Set(result.rejects.filter(({ isRow }) => isRow).map(({ key }) => key))
      for (const link of own) await recordRejects(target, link, pending(link, rows, refused))
      return result
    })
  }
  for (const unit of [...units.flatMap(lateReferences), ...links]) {
    const again = { source, target, schema, unit, batch, columns: [unit.column], isRow: false }
    await retryUnit(again, async (rows) => {
      await forget(target, unit.id, rows, unit.column)
      return writeLinks(target, unit, rows)
    })
  }
}

interface Again {
  source: pg.ClientBase
  target: pg.ClientBase
  schema: string
  unit: Unit
  batch: number
  columns: readonly string[]
  isRow: boolean
}

async function retryUnit(again: Again, write: (rows: readonly SourceRow[]) => Promise<Written>): Promise<void> {
  const { source, target, schema, unit, batch, columns, isRow } = again
  const { rows: found } = await target.query<{ key: string }>(
    `SELECT DISTINCT old_id AS key FROM athena_adoption.rejects
      WHERE unit = $1 AND is_row = $2 AND ($3::text IS NULL OR column_name = $3)`,
    [unit.id, isRow, unit.kind === 'links' ? unit.column : null],
  )
  for (let at = 0; at < found.length; at += batch) {
    const keys = found.slice(at, at + batch).map(({ key }) => `${literal(key)}::${unit.keyType}`)
    const where = `t.${identifier(unit.key)} IN (${keys.join(', ')})`
    const reading = { schema, source: unit.source, keys: [{ name: unit.key, type: unit.keyType }], columns, where }
    let after: readonly string[] | null = null
    for (;;) {
      const rows: SourceRow[] = await readBatch(source, reading, after, batch)
      const last = rows.at(-1)
      if (!last) break
      await inTransaction(target, async () => {
        const result = await write(rows)
        await recordRejects(target, unit, result.rejects)
        await recordRetry(target, unit, rows.length, result, isRow)
      })
      after = [last.athena_key]
    }
  }
}

async function inTransaction(client: pg.ClientBase, work: () => Promise<void>): Promise<void> {
  await client.query('BEGIN')
  try {
    await client.query(textForm)
    // One retry at a time: two would write the same rows.
    await client.query('LOCK TABLE athena_adoption.rejects IN SHARE ROW EXCLUSIVE MODE')
    await work()
    await client.query('COMMIT')
  } catch (error) {
    await client.query('ROLLBACK').catch(() => {})
    throw error
  }
}

async function forget(client: pg.ClientBase, unit: string, rows: readonly SourceRow[], column?: string): Promise<void> {
  await client.query(
    'DELETE FROM athena_adoption.rejects WHERE unit = $1 AND old_id = ANY ($2) AND ($3::text IS NULL OR (column_name = $3 AND NOT is_row))',
    [unit, rows.map((row) => row.athena_key), column ?? null],
  )
}

function pending(link: LinkUnit, rows: readonly SourceRow[], refused: ReadonlySet<string>): Reject[] {
  return rows
    .filter((row) => !refused.has(row.athena_key))
    .map((row) => ({
      key: row.athena_key,
      column: link.column,
      code: 'reference_pending',
      reason: 'not looked at yet',
      isRow: false,
    }))
}

/** Optional references of rows that went without them, as work of the second pass. */
function lateReferences(unit: Unit): LinkUnit[] {
  if (unit.kind === 'links') return []
  const { id, source, key, keyType, target, checksum } = unit
  return unit.references
    .filter((reference) => !reference.isRequired)
    .map(({ to, column, refers }) => {
      const own = { id, source, key, keyType, target, checksum, column, refers }
      return { kind: 'links', ...own, isArray: false, other: to }
    })
}

async function recordRetry(
  client: pg.ClientBase,
  unit: Unit,
  read: number,
  { written, rejects }: Written,
  isRow: boolean,
): Promise<void> {
  const fewer = isRow ? read - rejects.filter((each) => each.isRow).length : 0
  // A reference that is filled in is no row more.
  const more = isRow || unit.id !== unit.source ? written : 0
  await client.query(
    `UPDATE athena_adoption.progress SET rows_written = rows_written + $2, rows_rejected = rows_rejected - $3,
       updated_at = now() WHERE unit = $1`,
    [unit.id, more, fewer],
  )
}
