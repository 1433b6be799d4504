import { AthenaError, identifier, literal } from '@athena-pg/database'
import type pg from 'pg'
import { nextLimit, readRows, textForm } from '../adopt/read-batch.ts'
import { type CopyCompared, compareCopy } from './compare-copy.ts'
import { type CopyOrigin, closeCopy, openCopy, recordCopied, refuseOtherCopy } from './ledger.ts'
import { type CopyTable, copyTables, refuseOtherForm } from './tables.ts'
import { moveSequences, writeCopy, writeWithin } from './write-copy.ts'

export interface CopyOptions {
  /** Rows in one transaction. */
  batch: number
  /** Count and check, and write nothing. */
  dryRun?: boolean | undefined
  progress?: ((table: string, rows: number) => void) | undefined
}

export interface Copied {
  tables: CopyCompared[]
  same: boolean
}

/**
 * Copies a store into an empty one of the same form, with its ids. The source is read in one snapshot and never written; a run that
 * ends anywhere is gone on with by the next.
 * @throws AthenaError store_missing, stores_differ, project_missing, target_not_empty, copy_of_another_source, table_without_key
 */
export async function copy(
  source: pg.ClientBase,
  target: pg.ClientBase,
  origin: CopyOrigin,
  options: CopyOptions,
): Promise<Copied> {
  await source.query('BEGIN TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY')
  try {
    await source.query(textForm)
    const tables = await copyTables(source, 'source')
    const theirs = await copyTables(target, 'target')
    refuseOtherForm(tables, theirs)
    const where = await projectFilter(source, origin.projects)
    await refuseOtherCopy(target, origin, theirs)
    if (options.dryRun) return { tables: await compareCopy(source, target, tables, where), same: true }
    const progress = await openCopy(target, origin)
    await moveSequences(source, target, tables)
    for (const table of tables) {
      const filter = where(table)
      if (filter === undefined) continue
      for (const column of [undefined, ...table.within]) {
        const unit = column === undefined ? table.name : `${table.name}.${column}`
        const done = progress.get(unit)
        await copyUnit({ source, target, table, column, unit, where: filter, options }, done)
      }
    }
    const compared = await compareCopy(source, target, tables, where)
    const same = compared.every((table) => table.same)
    if (same) await closeCopy(target)
    return { tables: compared, same }
  } finally {
    await source.query('ROLLBACK').catch(() => {})
  }
}

interface CopyUnit {
  source: pg.ClientBase
  target: pg.ClientBase
  table: CopyTable
  /** A reference within the table; undefined: the rows. */
  column: string | undefined
  unit: string
  where: string
  options: CopyOptions
}

async function copyUnit(
  { source, target, table, column, unit, where, options }: CopyUnit,
  done: { lastKey: string[]; rows: number } | undefined,
): Promise<void> {
  const columns = table.columns.map((each) => each.name)
  const reading = { schema: 'athena', source: table.name, keys: table.keys, columns, only: column, where }
  let after = done?.lastKey ?? null
  let count = done?.rows ?? 0
  let limit = options.batch
  options.progress?.(unit, count)
  for (;;) {
    const rows = await readRows(source, reading, after, limit)
    const last = rows.at(-1)
    if (!last) return
    const lastKey = table.keys.map((key) => last[key.name] ?? '')
    const isFirst = after === null
    await inTransaction(target, async () => {
      // The migration put its defaults there.
      if (table.name === 'search_settings' && isFirst)
        await target.query(`DELETE FROM athena.search_settings AS t WHERE ${where}`)
      if (column === undefined) await writeCopy(target, table, rows)
      else await writeWithin(target, table, column, rows)
      await recordCopied(target, unit, lastKey, rows.length)
    })
    after = lastKey
    limit = nextLimit(limit, rows.length, options.batch)
    count += rows.length
    options.progress?.(unit, count)
  }
}

async function inTransaction(client: pg.ClientBase, work: () => Promise<void>): Promise<void> {
  await client.query('BEGIN')
  try {
    await client.query(textForm)
    await work()
    await client.query('COMMIT')
  } catch (error) {
    await client.query('ROLLBACK').catch(() => {})
    throw error
  }
}

/** A condition for each table; undefined where none of its rows are copied. @throws AthenaError project_missing */
async function projectFilter(
  source: pg.ClientBase,
  projects: readonly string[],
): Promise<(table: CopyTable) => string | undefined> {
  if (projects.length === 0) return () => 'true'
  const { rows } = await source.query<{ id: string; name: string }>(
    'SELECT id::text, name FROM athena.projects WHERE name = ANY ($1)',
    [projects],
  )
  const missing = projects.filter((each) => !rows.some((row) => row.name === each))
  if (missing.length > 0) {
    throw new AthenaError({
      code: 'project_missing',
      message: `there is no project ${missing.map((each) => `"${each}"`).join(', ')} in the source`,
      hint: 'SELECT name FROM athena.projects lists them. Nothing was written.',
    })
  }
  const ids = rows.map(({ id }) => literal(id)).join(', ')
  return ({ projectColumn }) => (projectColumn === undefined ? undefined : `t.${identifier(projectColumn)} IN (${ids})`)
}
