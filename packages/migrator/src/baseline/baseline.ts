import { AthenaError, type Database } from '@athena-pg/database'
import type pg from 'pg'
import { type ApplyOptions, ensureLedger } from '../apply.ts'
import type { MigrationPackage } from '../discover.ts'
import type { PlanEvents } from '../events.ts'
import { createLedger, type Ledger, readLedger } from '../ledger.ts'
import { markOf, type PlannedMigration, planOver } from '../plan.ts'
import { assertUnchanged, changedFiles } from '../planning/changed.ts'
import { createRepairs, recordRepair } from '../repair/repairs.ts'
import { writeLedger } from '../repair/write-ledger.ts'
import type { ShadowOptions } from '../shadow/shadow.ts'
import { ledgerAndVariables } from '../shadow/shadow-variables.ts'
import { findTarget, timelineOf } from '../timeline.ts'
import { underLock } from '../under-lock.ts'
import { recordInOrder } from './baseline-order.ts'
import { assertThere, compareWithShadow, type Expected, expectedOn, type Found } from './compare-with-shadow.ts'

export { type Difference, differenceLines } from '../catalogue/compare-objects.ts'
export { baselineDiffers } from './compare-with-shadow.ts'

export interface BaselineTarget {
  /** The last migration to record; all by default. A ledger name, a file name, or its stamp. */
  to?: string | undefined
  /** Only these packages. */
  only?: readonly string[] | undefined
  variables?: Readonly<Record<string, string>> | undefined
}

export interface Baseline extends Found {
  packages: readonly MigrationPackage[]
  /** What would be recorded, in the order of the timeline. */
  migrations: readonly PlannedMigration[]
  /** What these migrations, and those that are recorded already, make of an empty database. */
  expected: Expected
  /** Of the ledger that it was made from. */
  ledgerMark: string
}

/**
 * Finds out which migrations are not recorded though what they make is there. On the database it only reads; the migrations run on a
 * scratch database. What they insert, change or delete in tables is not looked at: only definitions are.
 * @throws AthenaError `nothing_to_baseline`, `shadow_failed`, `changed_file`, and what `plan` and making a shadow throw
 */
export async function planBaseline(
  client: pg.ClientBase,
  packages: readonly MigrationPackage[],
  target: BaselineTarget,
  shadow: ShadowOptions = {},
): Promise<Baseline> {
  const { ledger, variables } = await ledgerAndVariables(client, packages, target.variables)
  assertUnchanged(changedFiles(packages, ledger))
  const timeline = timelineOf(packages)
  const recorded = ledger.migrations.map(({ id }) => id)
  const last = target.to === undefined ? timeline.length - 1 : timeline.indexOf(findTarget(target.to, timeline))
  const chosen = timeline
    .filter(({ id }, index) => index <= last && !recorded.includes(id))
    .filter((file) => target.only?.includes(file.package) ?? true)
    .map(({ id }) => id)
  // As if nothing were recorded: a row that was lost may be an early one.
  const nothing = { exists: true, migrations: [], functions: [] }
  const bare = packages.map((pack) => ({ ...pack, functions: [] }))
  const wanted = { direction: 'up' as const, these: chosen, only: target.only, variables }
  const { migrations } = await planOver(client, nothing, bare, wanted)
  if (migrations.length === 0) throw nothingToBaseline(target)
  const expected = await expectedOn(shadow, bare, [...recorded, ...chosen], variables)
  return { packages, migrations, expected, ledgerMark: markOf(ledger), ...(await compareWithShadow(client, expected)) }
}

/**
 * Records these migrations as applied, without running them, under the lock and in one transaction, once it has looked again
 * whether everything is there.
 * @param reason kept in athena_migrations.repairs
 * @throws AthenaError `baseline_differs`, `plan_changed`, `ledger_not_permitted`, `ledger_not_writable`, `locked`
 */
export async function baseline(
  database: Database,
  planned: Baseline,
  reason: string,
  events: PlanEvents = {},
  options: ApplyOptions = {},
): Promise<void> {
  assertThere(planned)
  await underLock(database, { purpose: 'baseline', events, ...options }, async (session) => {
    const ledger = await readLedger(session.client)
    if (markOf(ledger) !== planned.ledgerMark) throw planChanged()
    assertThere(await compareWithShadow(session.client, planned.expected))
    await ensureLedger(session, ledger)
    await writeLedger(session, rowsOf(planned, ledger, reason))
  })
}

/** All that `baseline` would write, for psql; reads only. */
export async function baselineSql(client: pg.ClientBase, planned: Baseline, reason: string): Promise<string[]> {
  const ledger = await readLedger(client)
  const tables = ledger.exists ? [createRepairs] : [createLedger.trim(), createRepairs]
  return ['BEGIN;', ...tables, ...rowsOf(planned, ledger, reason), 'COMMIT;']
}

function rowsOf({ migrations, packages }: Baseline, ledger: Ledger, reason: string): string[] {
  const reasons = migrations.map(({ id, file: { checksum } }) =>
    recordRepair({ kind: 'baseline', id, checksumBefore: null, checksumAfter: checksum, reason }),
  )
  return [...reasons, ...recordInOrder(ledger, migrations, timelineOf(packages))]
}

function nothingToBaseline({ to, only }: BaselineTarget): AthenaError {
  const which = [only && `of ${only.join(', ')}`, to && `up to ${to}`].filter(Boolean).join(' ')
  return new AthenaError({
    code: 'nothing_to_baseline',
    message: `every migration ${which}${which === '' ? '' : ' '}is recorded as applied already`,
    hint: 'List what is: athena migrate status',
  })
}

function planChanged(): AthenaError {
  return new AthenaError({
    code: 'plan_changed',
    message: 'another run changed what is applied here in the meantime',
    hint: 'Look again: athena migrate baseline --dry-run. Nothing was recorded by this run.',
  })
}
