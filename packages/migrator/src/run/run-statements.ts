import { AthenaError, type Database } from '@athena-pg/database'
import { isBatched } from '../batch/batch.ts'
import { runBatches } from '../batch/run-batches.ts'
import { buildConcurrently } from '../concurrent-index/concurrent-index.ts'
import { isConcurrent, isPatient, runConcurrent, waitingForLocks } from '../concurrent-index/concurrent-statement.ts'
import type { PlanEvents } from '../events.ts'
import type { PlannedMigration } from '../plan.ts'
import type { WorkSession } from '../session.ts'
import { concurrentIndexOf, type Statement } from '../sql-text/statements.ts'
import { retryOnLockTimeout } from '../waiting/retry.ts'
import { hashesOf } from './statement-hashes.ts'

/**
 * Runs the statements of a no-transaction migration one by one and records each as it is done, so that a run that was
 * stopped anywhere goes on with the first statement that is not recorded. The ledger row itself is node-pg-migrate's to write.
 */
export async function runStatements(
  database: Database,
  session: WorkSession,
  migration: PlannedMigration,
  direction: 'up' | 'down',
  events: PlanEvents,
  starting: (statement: Statement) => void,
): Promise<void> {
  const { client } = session
  const { batch } = migration.source.directives
  const attempt = await beginAttempt(session, migration, direction, hashesOf(migration.statements))
  if (attempt.isResumed) events.resumed?.(migration, attempt.done)
  for (const [index, statement] of migration.statements.entries()) {
    if (index < attempt.done) {
      // What it SET went with the session of the interrupted run.
      if (statement.tree.VariableSetStmt !== undefined) await client.query(statement.sql)
      continue
    }
    starting(statement)
    const concurrent = concurrentIndexOf(statement)
    const mayHaveBegun = attempt.mayHaveBegun && index === attempt.done
    try {
      if (concurrent !== undefined) {
        const task = {
          database,
          session,
          events,
          mayExist: mayHaveBegun,
          lockTimeout: migration.source.directives.lockTimeout,
        }
        await buildConcurrently(task, concurrent, statement.sql)
        await note(session, migration, doneIs, index + 1)
      } else if (isConcurrent(statement.tree)) {
        await runConcurrently(session, migration, statement, events, mayHaveBegun)
        await note(session, migration, doneIs, index + 1)
      } else if (batch !== undefined && isBatched(migration.rendered, statement)) {
        await runBatches(session, migration, batch, statement, events)
        await note(session, migration, doneIs, index + 1)
      } else {
        await retryOnLockTimeout(
          session,
          migration.id,
          events,
          () => runOne(session, migration, statement, index + 1),
          migration.source.directives.lockTimeout,
        )
      }
    } catch (error) {
      const { message, code } = error as Error & { code?: string }
      await note(session, migration, 'error = $2', `${message} (${code})`)
      throw error
    }
  }
  // Left behind by a kill between here and the ledger row, it says "all done", which the next run understands.
}

const doneIs = 'done = $2, error = NULL'

async function runConcurrently(
  session: WorkSession,
  migration: PlannedMigration,
  statement: Statement,
  events: PlanEvents,
  mayHaveBegun: boolean,
): Promise<void> {
  const { lockTimeout } = migration.source.directives
  const work = (attempt: number) => {
    const once = () => runConcurrent(session, statement, mayHaveBegun || attempt > 1)
    return lockTimeout === undefined && isPatient(statement.tree) ? waitingForLocks(session, once) : once()
  }
  await retryOnLockTimeout(session, migration.id, events, work, lockTimeout)
}

/**
 * A statement is done and noted together wherever PostgreSQL lets it run in a transaction: VACUUM and the like (25001), and
 * procedures that COMMIT (2D000), do not.
 */
async function runOne(
  session: WorkSession,
  migration: PlannedMigration,
  { sql }: Statement,
  done: number,
): Promise<void> {
  const { client } = session
  try {
    await client.query('BEGIN')
    await client.query(sql)
    await note(session, migration, doneIs, done)
    await client.query('COMMIT')
  } catch (error) {
    await client.query('ROLLBACK').catch(() => undefined)
    if (!['25001', '2D000'].includes((error as { code?: string }).code ?? '')) throw error
    await client.query(sql)
    await note(session, migration, doneIs, done)
  }
}

async function note(
  session: WorkSession,
  migration: PlannedMigration,
  set: string,
  value: string | number,
): Promise<void> {
  await session.client.query(
    `UPDATE athena_migrations.attempts SET ${set}, touched_at = clock_timestamp() WHERE name = $1`,
    [migration.id, value],
  )
}

interface Attempt {
  done: number
  isResumed: boolean
  /** The first statement that is not done may have been under way, or even done, when the run was stopped. */
  mayHaveBegun: boolean
}

async function beginAttempt(
  session: WorkSession,
  migration: PlannedMigration,
  direction: 'up' | 'down',
  hashes: string[],
): Promise<Attempt> {
  const { rows } = await session.client.query(
    'SELECT direction, statements, done, error FROM athena_migrations.attempts WHERE name = $1',
    [migration.id],
  )
  const earlier = rows[0] as { direction: string; statements: string[]; done: number; error: string | null } | undefined
  const isSame = earlier !== undefined && earlier.direction === direction
  if (isSame) {
    const changed = earlier.statements.slice(0, earlier.done).findIndex((hash, index) => hash !== hashes[index])
    if (changed >= 0) throw changedAttempt(migration, changed, earlier.done)
  }
  await session.client.query(
    `INSERT INTO athena_migrations.attempts AS a (name, direction, checksum, statements) VALUES ($1, $2, $3, $4)
     ON CONFLICT (name) DO UPDATE SET direction = excluded.direction, checksum = excluded.checksum, statements = excluded.statements,
       done = CASE WHEN a.direction = excluded.direction THEN a.done ELSE 0 END, error = NULL, touched_at = clock_timestamp()`,
    [migration.id, direction, migration.file.checksum, hashes],
  )
  const mayHaveBegun = isSame && earlier.error?.endsWith('(index_exists)') !== true
  return { done: isSame ? earlier.done : 0, isResumed: isSame, mayHaveBegun }
}

function changedAttempt(migration: PlannedMigration, index: number, done: number): AthenaError {
  return new AthenaError({
    code: 'changed_attempt',
    message: `migration ${migration.id} was changed after it was interrupted`,
    detail: `${done} of its statements are done already, and statement ${index + 1} is no longer the one that was run.`,
    hint: `Put that statement back as it was; statements that are not done yet may be changed. Other ways out: athena migrate repair ${migration.file.name}`,
  })
}
