import type pg from 'pg'
import {
  acceptMapping,
  lockProgress,
  openLedger,
  type Progress,
  readProgress,
  recordBatch,
  recordRejects,
  refuseChangedMapping,
} from './ledger.ts'
import { nextLimit, readBatch, type SourceRow, textForm } from './read-batch.ts'
import { retryRejects } from './retry.ts'
import type { Unit } from './unit.ts'
import { writeLinks } from './write-links.ts'
import { ensureProjects, refuseWithoutPartitions, type Written, writeRows } from './write-rows.ts'

/** Where rows come from and go to: two sessions, or one and the same on the embedded database. */
export interface Sessions {
  source: pg.ClientBase
  target: pg.ClientBase
}

export interface Origin {
  /** For people, and to know the source again: never a password. */
  location: string
  schema: string
}

export interface AdoptOptions {
  /** Rows in one transaction. */
  batch: number
  /** Try what was rejected again, also by a mapping that has changed since. */
  retry?: boolean | undefined
  /** Called after each batch with what the unit has read so far, of all runs. */
  progress?: ((unit: Unit, read: number) => void) | undefined
}

/**
 * Copies what is left to copy. Every batch is one transaction with its progress, so a run that ends anywhere is gone on with.
 * @throws AthenaError adoption_of_another_source, adoption_of_another_store, mapping_changed, adoption_running, partitions_missing
 */
export async function adopt(
  { source, target }: Sessions,
  origin: Origin,
  units: readonly Unit[],
  options: AdoptOptions,
): Promise<void> {
  const rowUnits = units.filter((unit) => unit.kind === 'rows')
  await refuseWithoutPartitions(target, rowUnits)
  await openLedger(target, origin)
  await ensureProjects(target, rowUnits)
  const progress = await readProgress(target)
  if (!options.retry) refuseChangedMapping(units, progress)
  for (const unit of units) {
    let done = progress.get(unit.id) ?? { lastKey: null, checksum: unit.checksum, read: 0, written: 0, rejected: 0 }
    let limit = options.batch
    options.progress?.(unit, done.read)
    for (;;) {
      const rows = await next(source, origin.schema, unit, done.lastKey, limit)
      const last = rows.at(-1)
      if (!last) break
      await writeBatch(target, unit, rows, done)
      limit = nextLimit(limit, rows.length, options.batch)
      done = { ...done, lastKey: last.athena_key, read: done.read + rows.length }
      options.progress?.(unit, done.read)
    }
  }
  if (!options.retry) return
  await retryRejects({ source, target }, origin, units, options.batch)
  await acceptMapping(target, units)
}

function next(
  source: pg.ClientBase,
  schema: string,
  unit: Unit,
  after: string | null,
  limit: number,
): Promise<SourceRow[]> {
  const { source: table, key, keyType } = unit
  const columns = unit.kind === 'rows' ? unit.reads : [unit.column]
  const only = unit.kind === 'rows' ? undefined : unit.column
  const keys = [{ name: key, type: keyType }]
  return readBatch(source, { schema, source: table, keys, columns, only }, after === null ? null : [after], limit)
}

async function writeBatch(
  target: pg.ClientBase,
  unit: Unit,
  rows: readonly SourceRow[],
  { lastKey }: Progress,
): Promise<Written> {
  await target.query('BEGIN')
  try {
    await target.query(textForm)
    await lockProgress(target, unit, lastKey)
    const result = unit.kind === 'rows' ? await writeRows(target, unit, rows) : await writeLinks(target, unit, rows)
    await recordRejects(target, unit, result.rejects)
    await recordBatch(target, unit, {
      lastKey: (rows.at(-1) as SourceRow).athena_key,
      read: rows.length,
      written: result.written,
      rejected: result.rejects.filter(({ isRow }) => isRow).length,
    })
    await target.query('COMMIT')
    return result
  } catch (error) {
    await target.query('ROLLBACK').catch(() => {})
    throw error
  }
}
