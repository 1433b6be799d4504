import { AthenaError, type Database } from '@athena-pg/database'
import { applyFunctions, dropFunctions, restoreFunctions } from './apply-functions.ts'
import type { Applied, PlanEvents } from './events.ts'
import { createLedger, type Ledger, readLedger } from './ledger.ts'
import { type LockOptions, takeLock, withLock } from './lock.ts'
import { defaultPatience, type Patience } from './patience.ts'
import { plan as makePlan, markOf, type Plan } from './plan.ts'
import { runMigration } from './run-migration.ts'
import { openWorkSession, resetSql, type WorkSession } from './session.ts'
import { assertNoneUnfinished } from './unfinished.ts'

export interface ApplyOptions {
  /** Milliseconds to wait for another runner; 60,000 by default. */
  wait?: number | undefined
  /** For locks on tables, where a file says nothing of its own. */
  patience?: Patience | undefined
}

/**
 * Carries out a plan under the lock. What another runner did since the plan was made is not done again.
 * A migration is recorded with the transaction that applies it, so that whatever stops the run, the next one finishes it.
 *
 * @returns what this run applied, in order
 * @throws AthenaError `locked`, `lock_lost`, `transaction_pooler`, `migration_failed`, `unfinished_migration`, and whatever `plan` throws
 */
export async function apply(
  database: Database,
  plan: Plan,
  events: PlanEvents = {},
  options: ApplyOptions = {},
): Promise<readonly Applied[]> {
  if (plan.migrations.length === 0 && plan.functions.length === 0) return []
  const lockOptions: LockOptions = { wait: options.wait ?? 60_000, waiting: (holder) => events.waiting?.(holder) }
  return withLock(database, lockOptions, async (assertHeld) => {
    const { patience = defaultPatience } = options
    const session = await openWorkSession(await database.open(`migrate ${plan.target.direction}`), {
      database,
      patience,
    })
    try {
      // A killed runner's lock session is gone at once, but its work may still run in the server for a moment.
      if (database.kind === 'server') await takeLock(session.client, 'work', lockOptions)
      const ledger = await ensureLedger(session, await readLedger(session.client))
      const fresh =
        markOf(ledger) === plan.ledgerMark ? plan : await makePlan(session.client, plan.packages, plan.target)
      await assertNoneUnfinished(session, fresh)
      events.planned?.(fresh)
      return await carryOut(database, session, fresh, events, assertHeld)
    } finally {
      await session.client.end().catch(() => undefined)
    }
  })
}

async function carryOut(
  database: Database,
  session: WorkSession,
  plan: Plan,
  events: PlanEvents,
  assertHeld: () => void,
): Promise<Applied[]> {
  const { direction } = plan.target
  const applied: Applied[] = []
  const record = (item: Omit<Applied, 'direction'>) => {
    const whole = { ...item, direction }
    applied.push(whole)
    events.applied?.(whole)
  }
  const resetForFunctions = () =>
    session.client.query(resetSql(session, { lock_timeout: (session.patience ?? defaultPatience).lockTimeout }))
  if (direction === 'down' && plan.functions.length > 0) {
    await resetForFunctions()
    await dropFunctions(session, plan.functions, events)
  }
  for (const migration of plan.migrations) {
    assertHeld()
    events.started?.(migration)
    const startedAt = performance.now()
    await runMigration(database, session, migration, direction, events)
    record({ id: migration.id, kind: 'migration', milliseconds: performance.now() - startedAt })
  }
  await resetForFunctions()
  if (direction === 'up') await applyFunctions(session, plan.functions, events, record)
  else await restoreFunctions(session, plan, events)
  return applied
}

async function ensureLedger(session: WorkSession, ledger: Ledger): Promise<Ledger> {
  if (ledger.exists) return ledger
  try {
    await session.client.query(createLedger)
    return { ...ledger, exists: true }
  } catch (error) {
    if ((error as { code?: string }).code !== '42501') throw error
    const { rows } = await session.client.query('SELECT current_database() AS database, current_user AS role')
    throw new AthenaError({
      code: 'ledger_not_permitted',
      message: 'this role may not create the migration ledger',
      detail: (error as Error).message,
      hint: `Let an administrator run: GRANT CREATE ON DATABASE "${rows[0]?.database}" TO "${rows[0]?.role}"; or connect as the owner of the database.`,
      cause: error,
    })
  }
}
