import { AthenaError, type Database } from '@athena-pg/database'
import type { Applied, PlanEvents } from './events.ts'
import { createLedger, type Ledger, readLedger } from './ledger.ts'
import { plan as makePlan, markOf, type Plan } from './plan.ts'
import { assertNoneUnfinished } from './planning/unfinished.ts'
import { applyFunctions, dropFunctions, restoreFunctions } from './run/apply-functions.ts'
import { runMigration } from './run/run-migration.ts'
import { resetForFunctions, type WorkSession } from './session.ts'
import { underLock } from './under-lock.ts'
import type { Patience } from './waiting/patience.ts'

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
  return underLock(database, { purpose: plan.target.direction, events, ...options }, async (session, assertHeld) => {
    const ledger = await ensureLedger(session, await readLedger(session.client))
    const fresh = markOf(ledger) === plan.ledgerMark ? plan : await makePlan(session.client, plan.packages, plan.target)
    await assertNoneUnfinished(session, fresh)
    events.planned?.(fresh)
    return carryOut(database, session, fresh, events, assertHeld)
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
  if (direction === 'down' && plan.functions.length > 0) {
    await resetForFunctions(session)
    await dropFunctions(session, plan.functions, events)
  }
  await runMigrations(database, session, plan, events, record, assertHeld)
  if (direction === 'up') await applyFunctions(session, plan.functions, events, record)
  else await restoreFunctions(session, plan, events)
  return applied
}

/** Only the migrations of a plan; leaves the session as functions are applied with. */
export async function runMigrations(
  database: Database,
  session: WorkSession,
  { migrations, target: { direction } }: Plan,
  events: PlanEvents,
  record: (item: Omit<Applied, 'direction'>) => void,
  assertHeld: () => void,
): Promise<void> {
  for (const migration of migrations) {
    assertHeld()
    events.started?.(migration)
    const startedAt = performance.now()
    await runMigration(database, session, migration, direction, events)
    record({ id: migration.id, kind: 'migration', milliseconds: performance.now() - startedAt })
  }
  await resetForFunctions(session)
}

/** @throws AthenaError `ledger_not_permitted` */
export async function ensureLedger(session: WorkSession, ledger: Ledger): Promise<Ledger> {
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
