import { AthenaError, literal } from '@athena-pg/database'
import type { PlanEvents } from '../events.ts'
import type { PlannedMigration } from '../plan.ts'
import type { WorkSession } from '../session.ts'
import type { Statement } from '../sql-text/statements.ts'
import { retryOnLockTimeout } from '../waiting/retry.ts'
import { type Batch, tablesIn, withoutSkipLocked } from './batch.ts'

/**
 * Repeats a statement until it changes no row, each time in a transaction of its own. What a batch changed stays changed
 * whatever comes, and the statement's own WHERE leaves it out the next time, so an interrupted run goes on by beginning again.
 *
 * Locks: those of the statement, on so many rows, for the time of one batch.
 *
 * @throws AthenaError `endless_batch`
 */
export async function runBatches(
  session: WorkSession,
  migration: PlannedMigration,
  batch: Batch,
  statement: Statement,
  events: PlanEvents,
): Promise<void> {
  const { lockTimeout } = migration.source.directives
  const startedAt = performance.now()
  const guard = await guardOf(session, batch, statement)
  let rows = 0
  const repeat = async (sql: string): Promise<void> => {
    for (;;) {
      const once = async () => (await session.client.query(sql)).rowCount ?? 0
      const changed = await retryOnLockTimeout(session, migration.id, events, once, lockTimeout)
      if (changed === 0) return
      rows += changed
      const seconds = (performance.now() - startedAt) / 1000
      events.batched?.({ id: migration.id, statement: statement.sql, rows, seconds, tableRows: guard.tableRows })
      await guard.check(rows)
      if (batch.pause > 0) await new Promise((resolve) => setTimeout(resolve, batch.pause))
    }
  }
  await repeat(statement.sql)
  const patient = withoutSkipLocked(statement.sql)
  if (patient !== undefined) await repeat(patient)
}

interface Guard {
  /** Rows of the largest table that the statement reads, as the planner estimates them; undefined where it names none. */
  tableRows: number | undefined
  /** @throws AthenaError `endless_batch` */
  check(rows: number): Promise<void>
}

/**
 * A statement whose WHERE does not leave out what it has changed goes on for ever, and no parser can tell. But a backfill
 * changes each row about once: more than twice as many as there are is taken for endless. The planner's estimate only decides when
 * to count. A DELETE ends by itself.
 */
async function guardOf(session: WorkSession, batch: Batch, { tree }: Statement): Promise<Guard> {
  const { target, read } = tablesIn(tree)
  const tables = tree.InsertStmt === undefined && target !== undefined ? [target, ...read] : read
  const estimates: (number | undefined)[] = []
  for (const table of tables) estimates.push(await estimateOf(session, table))
  const known = estimates.filter((estimate) => estimate !== undefined)
  const tableRows = known.length === 0 ? undefined : Math.max(...known)
  const slack = 10 * batch.size
  let next = batch.limit ?? 2 * (tableRows ?? 0) + slack
  const check = async (rows: number): Promise<void> => {
    if (tree.DeleteStmt !== undefined && batch.limit === undefined) return
    if (rows <= next) return
    if (batch.limit !== undefined) throw endless(rows, `its limit is ${batch.limit}`)
    // Nothing to compare with: an INSERT from a function, or a role that may not read.
    if (tableRows === undefined) throw endless(rows, 'it reads no table that could tell how many there are')
    let most = 0
    for (const [index, table] of tables.entries()) {
      if (estimates[index] === undefined) continue
      const { rows: counted } = await session.client.query<{ n: string }>(`SELECT count(*) AS n FROM ${table}`)
      // What an INSERT made in the table that it reads was not there to be read.
      const made = tree.InsertStmt !== undefined && table === target ? rows : 0
      most = Math.max(most, Number(counted[0]?.n) - made)
    }
    if (rows > 2 * most + slack) throw endless(rows, `the largest table that it reads has ${most}`)
    next = 2 * most + slack
  }
  return { tableRows, check }
}

/** undefined for what is no table, such as the name of a WITH query, or may not be read. */
async function estimateOf(session: WorkSession, table: string): Promise<number | undefined> {
  const { rows } = await session.client.query(`SELECT to_regclass(${literal(table)}) IS NOT NULL AS there`)
  if (rows[0]?.there !== true) return undefined
  try {
    const plan = await session.client.query(`EXPLAIN (FORMAT JSON) SELECT FROM ${table}`)
    return plan.rows[0]?.['QUERY PLAN']?.[0]?.Plan?.['Plan Rows']
  } catch (error) {
    // A role that may write and not read.
    if ((error as { code?: string }).code === '42501') return undefined
    throw error
  }
}

function endless(rows: number, bound: string): AthenaError {
  return new AthenaError({
    code: 'endless_batch',
    message: 'a batched statement does not come to an end',
    detail: `It has changed ${rows} rows in this run; ${bound}.`,
    hint: 'Let its WHERE leave out the rows that it has changed (new IS NULL, NOT EXISTS …). Where it is right so, raise the bound: `--! batch: 5000, limit: 100000000`. What it changed stays changed.',
  })
}
