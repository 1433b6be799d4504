import { AthenaError, type Database } from '@athena-pg/database'
import type pg from 'pg'
import type { ApplyOptions } from '../apply.ts'
import type { MigrationPackage } from '../discover.ts'
import type { PlanEvents } from '../events.ts'
import { findTarget } from '../timeline.ts'
import { underLock } from '../under-lock.ts'
import { type KnownMigration, knownMigrations, ledgerFaults } from './ledger-faults.ts'
import { type PlannedRepair, planAccept, planApplied, planForget } from './plan-repair.ts'
import { writeLedger } from './write-ledger.ts'

export { type Fault, type LedgerFault, ledgerFaults } from './ledger-faults.ts'
export type { PlannedRepair } from './plan-repair.ts'
export { createRepairs, type Repair, type RepairKind, readRepairs } from './repairs.ts'

export interface RepairTarget {
  /**
   * `accept`: what was applied is what the file says now. `forget`: it is not applied (its file is gone, or what its statements did was
   * undone by hand). `applied`: it is applied whole (the rest was done, or put back, by hand).
   */
  way: 'accept' | 'forget' | 'applied'
  /** Each a ledger name, a file name or its stamp. */
  migrations: readonly string[]
  /** With `accept`: all that were changed, instead. */
  all?: boolean | undefined
  variables?: Readonly<Record<string, string>> | undefined
}

export interface RepairPlan {
  target: RepairTarget
  packages: readonly MigrationPackage[]
  repairs: readonly PlannedRepair[]
}

/**
 * Read-only.
 * @throws AthenaError `unknown_target`, `nothing_to_repair`, `not_repairable`, and what reading an interrupted migration's file throws
 */
export async function planRepair(
  client: pg.ClientBase,
  packages: readonly MigrationPackage[],
  target: RepairTarget,
): Promise<RepairPlan> {
  const { ledger, known } = await knownMigrations(client, packages)
  const chosen = target.all ? await changed(client, packages) : target.migrations.map((name) => findTarget(name, known))
  const repairs: PlannedRepair[] = []
  for (const migration of new Map(chosen.map((each) => [each.id, each])).values()) {
    const task = { client, packages, ledger, migration, variables: target.variables ?? {} }
    if (target.way === 'forget') repairs.push(planForget(task))
    else repairs.push(await (target.way === 'accept' ? planAccept(task) : planApplied(task)))
  }
  return { target, packages, repairs }
}

/** The statements that `repair` runs in one transaction. */
export function repairSql(plan: RepairPlan, reason: string): string[] {
  return plan.repairs.flatMap((planned) => planned.sql(reason))
}

/**
 * Corrects the ledger under the lock, in one transaction, and keeps who did it, when and why in athena_migrations.repairs.
 * Nothing but the ledger is written.
 * @param reason why the ledger is to say so; kept
 * @throws AthenaError `plan_changed` where the ledger is no longer what the plan was made from; `ledger_not_writable`, `locked`
 */
export async function repair(
  database: Database,
  plan: RepairPlan,
  reason: string,
  events: PlanEvents = {},
  options: ApplyOptions = {},
): Promise<void> {
  if (plan.repairs.length === 0) return
  await underLock(database, { purpose: 'repair', events, ...options }, async (session) => {
    const fresh = await planRepair(session.client, plan.packages, plan.target).catch((cause: unknown) => {
      throw planChanged(cause)
    })
    if (told(fresh) !== told(plan)) throw planChanged(undefined)
    await writeLedger(session, repairSql(fresh, reason))
  })
}

/** All that whoever said yes to it was told. */
function told({ repairs }: RepairPlan): string {
  return JSON.stringify(repairs.map((planned) => ({ ...planned, sql: planned.sql('') })))
}

async function changed(client: pg.ClientBase, packages: readonly MigrationPackage[]): Promise<KnownMigration[]> {
  return (await ledgerFaults(client, packages)).filter(({ fault }) => fault === 'changed')
}

function planChanged(cause: unknown): AthenaError {
  return new AthenaError({
    code: 'plan_changed',
    message: 'the ledger is no longer what it was when you looked',
    detail: cause instanceof Error ? cause.message : undefined,
    hint: 'Look again: athena migrate repair. Nothing was changed.',
    cause,
  })
}
