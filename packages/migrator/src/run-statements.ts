import { createHash } from 'node:crypto'
import { AthenaError, type Database } from '@athena-pg/database'
import { buildConcurrently } from './concurrent-index.ts'
import type { PlanEvents } from './events.ts'
import type { PlannedMigration } from './plan.ts'
import { retryOnLockTimeout } from './retry.ts'
import type { WorkSession } from './session.ts'
import { concurrentIndexOf, type Statement } from './statements.ts'

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
  const hashes = migration.statements.map((statement) => createHash('sha256').update(statement.sql).digest('hex'))
  const attempt = await beginAttempt(session, migration, direction, hashes)
  if (attempt.isResumed) events.resumed?.(migration, attempt.done)
  for (const [index, statement] of migration.statements.entries()) {
    if (index < attempt.done) {
      // What it SET went with the session of the interrupted run.
      if (statement.tree.VariableSetStmt !== undefined) await client.query(statement.sql)
      continue
    }
    starting(statement)
    const concurrent = concurrentIndexOf(statement)
    try {
      if (concurrent !== undefined) {
        // The first statement of a resumed attempt may have been under way, or even done, when the run was stopped.
        const mayExist = attempt.isResumed && index === attempt.done
        await buildConcurrently(database, session, concurrent, statement.sql, mayExist, events)
      } else {
        await retryOnLockTimeout(migration.id, events, () => client.query(statement.sql))
      }
    } catch (error) {
      await note(session, migration, 'error = $2', (error as Error).message)
      throw error
    }
    await note(session, migration, 'done = $2, error = NULL', index + 1)
  }
  // Left behind by a kill between here and the ledger row, it says "all done", which the next run understands.
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

async function beginAttempt(
  session: WorkSession,
  migration: PlannedMigration,
  direction: 'up' | 'down',
  hashes: string[],
): Promise<{ done: number; isResumed: boolean }> {
  const { rows } = await session.client.query(
    'SELECT direction, statements, done FROM athena_migrations.attempts WHERE name = $1',
    [migration.id],
  )
  const earlier = rows[0] as { direction: string; statements: string[]; done: number } | undefined
  const isSame = earlier !== undefined && earlier.direction === direction
  if (isSame) {
    const changed = earlier.statements.slice(0, earlier.done).findIndex((hash, index) => hash !== hashes[index])
    if (changed >= 0) throw changedAttempt(migration, changed, earlier.done)
  }
  await session.client.query(
    `INSERT INTO athena_migrations.attempts AS a (name, direction, checksum, statements) VALUES ($1, $2, $3, $4)
     ON CONFLICT (name) DO UPDATE SET direction = excluded.direction, checksum = excluded.checksum, statements = excluded.statements,
       done = CASE WHEN a.direction = excluded.direction THEN a.done ELSE 0 END, touched_at = clock_timestamp()`,
    [migration.id, direction, migration.file.checksum, hashes],
  )
  return { done: isSame ? earlier.done : 0, isResumed: isSame }
}

/** Attempts whose migration is recorded, or taken back, have done their work. */
export async function forgetAttempt(session: WorkSession, migration: PlannedMigration): Promise<void> {
  await session.client.query('DELETE FROM athena_migrations.attempts WHERE name = $1', [migration.id])
}

function changedAttempt(migration: PlannedMigration, index: number, done: number): AthenaError {
  return new AthenaError({
    code: 'changed_attempt',
    message: `migration ${migration.id} was changed after it was interrupted`,
    detail: `${done} of its statements are done already, and statement ${index + 1} is no longer the one that was run.`,
    hint: 'Put that statement back as it was; statements that are not done yet may be changed.',
  })
}
