import { AthenaError, type Database } from '@athena-pg/database'
import type pg from 'pg'
import { type ApplyOptions, runMigrations } from './apply.ts'
import type { MigrationPackage } from './discover.ts'
import type { Applied, PlanEvents } from './events.ts'
import { type Ledger, readLedger, recordedVariables } from './ledger.ts'
import { markOf, type Plan, plan, planOver, type Target } from './plan.ts'
import { assertNoneUnfinished } from './planning/unfinished.ts'
import { applyFunctions, dropFunctions } from './run/apply-functions.ts'
import { resetForFunctions } from './session.ts'
import { findTarget, timelineOf } from './timeline.ts'
import { underLock } from './under-lock.ts'
import { declarationsOf } from './variables.ts'

export interface RedoTarget {
  /** The earliest migration to take back: its ledger name, its file name or its stamp. */
  from?: string | undefined
  /** Without `from`: how many; 1 by default. */
  steps?: number | undefined
  variables?: Readonly<Record<string, string>> | undefined
}

/** What is taken back, newest first, and then applied again: the same migrations, whatever else is pending. */
export interface Redo {
  target: RedoTarget
  down: Plan
  up: Plan
}

/**
 * Read-only. Both ways are read and checked, so that what has no way back, or could not be applied again, is refused before anything
 * is done.
 * @throws AthenaError `not_applied`, and whatever `plan` throws in either direction
 */
export async function planRedo(
  client: pg.ClientBase,
  packages: readonly MigrationPackage[],
  target: RedoTarget,
): Promise<Redo> {
  const ledger = await readLedger(client)
  const steps = target.from === undefined ? target.steps : stepsTo(target.from, packages, ledger)
  const down = await planOver(client, ledger, packages, { direction: 'down', steps, variables: target.variables })
  const left = { ...ledger, migrations: ledger.migrations.filter((row) => !idsOf(down).includes(row.id)) }
  const up = await planOver(client, left, packages, againTarget(down, ledger))
  return { target, down, up: { ...up, functions: functionsAgain(down) } }
}

/**
 * Takes back and applies again under one lock, so that no other run comes in between.
 * @returns what was done, in order, both ways
 * @throws AthenaError `plan_changed` where another run changed what is applied since the plan was made; else what `apply` throws
 */
export async function redo(
  database: Database,
  planned: Redo,
  events: PlanEvents = {},
  options: ApplyOptions = {},
): Promise<readonly Applied[]> {
  if (planned.down.migrations.length === 0) return []
  const { packages } = planned.down
  return underLock(database, { purpose: 'redo', events, ...options }, async (session, assertHeld) => {
    const { client } = session
    const ledger = await readLedger(client)
    const fresh =
      markOf(ledger) === planned.down.ledgerMark ? planned : await planRedo(client, packages, planned.target)
    assertSame(planned, fresh)
    await assertNoneUnfinished(session, fresh.down)
    const done: Applied[] = []
    const recordAs = (direction: Applied['direction']) => (item: Omit<Applied, 'direction'>) => {
      const whole = { ...item, direction }
      done.push(whole)
      events.applied?.(whole)
    }
    try {
      await resetForFunctions(session)
      await dropFunctions(session, fresh.down.functions, events)
      await runMigrations(database, session, fresh.down, events, recordAs('down'), assertHeld)
      // Derived variables may look at what Down took away.
      const up = await plan(client, packages, againTarget(fresh.down, ledger))
      await runMigrations(database, session, up, events, recordAs('up'), assertHeld)
      await applyFunctions(session, fresh.up.functions, events, recordAs('up'))
    } catch (error) {
      throw halfDone(error, done)
    }
    return done
  })
}

function idsOf({ migrations }: Plan): string[] {
  return migrations.map(({ id }) => id)
}

function stepsTo(from: string, packages: readonly MigrationPackage[], ledger: Ledger): number {
  const { id } = findTarget(from, timelineOf(packages))
  const index = ledger.migrations.toReversed().findIndex((row) => row.id === id)
  if (index >= 0) return index + 1
  throw new AthenaError({
    code: 'not_applied',
    message: `cannot do ${id} again: it is not applied`,
    hint: 'List what is: athena migrate status',
  })
}

/** With the values that the ledger forgets on the way down: a table comes back as it was. */
function againTarget(down: Plan, ledger: Ledger): Target {
  const ids = idsOf(down)
  const rows = ledger.migrations.filter((row) => ids.includes(row.id))
  const declared = declarationsOf(down.packages)
  const recorded = Object.entries(recordedVariables({ ...ledger, migrations: rows })).filter(([name]) => {
    const declaration = declared.get(name)
    return declaration !== undefined && declaration.type !== 'derived'
  })
  return { direction: 'up', these: ids, variables: { ...down.target.variables, ...Object.fromEntries(recorded) } }
}

function functionsAgain(down: Plan): Plan['functions'] {
  return down.functions
    .filter(({ file }) => file !== undefined)
    .map(({ applied: _, ...planned }) => ({ ...planned, action: 'apply' }))
}

function assertSame(planned: Redo, fresh: Redo): void {
  if (idsOf(planned.down).join() === idsOf(fresh.down).join()) return
  throw new AthenaError({
    code: 'plan_changed',
    message: 'another run changed what is applied here in the meantime',
    detail: `To be taken back were ${idsOf(planned.down).join(', ')}; now it would be ${idsOf(fresh.down).join(', ') || 'nothing'}.`,
    hint: 'Look again: athena migrate status. Nothing was changed by this run.',
  })
}

function halfDone(error: unknown, done: readonly Applied[]): unknown {
  const [back, again] = (['down', 'up'] as const).map((way) => done.filter(({ direction }) => direction === way))
  const missing = (back ?? []).filter(({ id }) => !again?.some((each) => each.id === id)).map(({ id }) => id)
  if (!(error instanceof AthenaError) || missing.length === 0) return error
  const { code, message, detail, hint, exit, cause } = error
  const left = `Taken back, and not applied again yet: ${missing.toReversed().join(', ')}.`
  return new AthenaError({
    code,
    message,
    detail: [detail, left].filter(Boolean).join('\n'),
    hint: [hint, 'athena migrate up applies what was taken back.'].filter(Boolean).join('\n'),
    exit,
    cause,
  })
}
