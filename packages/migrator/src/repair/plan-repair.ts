import { AthenaError, literal } from '@athena-pg/database'
import type pg from 'pg'
import type { MigrationPackage } from '../discover.ts'
import type { Ledger } from '../ledger.ts'
import { type PlannedMigration, planOver } from '../plan.ts'
import { hashesOf } from '../run/statement-hashes.ts'
import { readMigration } from '../source.ts'
import type { KnownMigration } from './ledger-faults.ts'
import { recordApplied } from './record-applied.ts'
import { type Repair, recordRepair } from './repairs.ts'

/** A correction of the ledger that can be printed, tested or made. */
export interface PlannedRepair extends Pick<Repair, 'kind' | 'id' | 'checksumBefore' | 'checksumAfter'> {
  /** What follows from it, one sentence each, for whoever has to say yes. */
  effects: readonly string[]
  sql(reason: string): string[]
}

export interface RepairTask {
  client: pg.ClientBase
  packages: readonly MigrationPackage[]
  ledger: Ledger
  migration: KnownMigration
  variables: Readonly<Record<string, string>>
}

/** What was applied, or done so far, counts as what the file says now. */
export async function planAccept(task: RepairTask): Promise<PlannedRepair> {
  const { migration } = task
  const { id, row, attempt, file } = migration
  if (row === undefined && attempt === undefined) throw nothing(id, 'it is not applied, and was not interrupted')
  if (file === undefined) throw fileGone(id)
  const isChanged = row !== undefined && row.checksum !== file.checksum
  const isChangedAttempt = attempt !== undefined && attempt.done > 0 && attempt.checksum !== file.checksum
  if (!isChanged && !isChangedAttempt)
    throw attempt === undefined ? nothing(id, 'its file is what was applied') : goOn(migration)
  const sql: string[] = []
  const effects: string[] = []
  if (isChanged) {
    sql.push(
      `UPDATE athena_migrations.migrations SET checksum = ${literal(file.checksum)} WHERE name = ${literal(id)};`,
    )
    effects.push('It counts as applied with its file as it is now; nothing of the file is run.')
  }
  if (isChangedAttempt) {
    if (!readMigration(file.text, file.path).directives.noTransaction) throw inTransactionNow(id)
    const { statements } = await planOne(task, attempt.direction)
    const done = Math.min(attempt.done, statements.length)
    const hashes = hashesOf(statements).map(literal).join(', ')
    sql.push(
      `UPDATE athena_migrations.attempts SET checksum = ${literal(file.checksum)}, statements = ARRAY[${hashes}]::text[], done = ${done} WHERE name = ${literal(id)};`,
    )
    const next = statements[done]
    effects.push(
      `The first ${done} of the ${statements.length} statements that its ${attempt.direction === 'up' ? 'Up' : 'Down'} section has now count as done.`,
      next === undefined
        ? 'The next run has nothing of it left to do.'
        : `The next run begins with: ${firstLine(next.sql)}`,
    )
  }
  const checksumBefore = isChanged ? row.checksum : (attempt?.checksum ?? null)
  return planned({ kind: 'accepted', id, checksumBefore, checksumAfter: file.checksum }, effects, sql)
}

/** It counts as not applied, and what is kept about it goes. */
export function planForget({ ledger, migration }: RepairTask): PlannedRepair {
  const { id, row, attempt, file } = migration
  if (row === undefined && attempt === undefined) throw nothing(id, 'it is not applied, and was not interrupted')
  if (file !== undefined && row !== undefined && !isHalfDown(attempt)) {
    throw nothing(id, 'it is applied, and its file is there', 'To take it back: athena migrate down, or redo.')
  }
  const later = ledger.migrations.find(
    (each) => row !== undefined && each.package === row.package && each.file > row.file,
  )
  if (file !== undefined && later !== undefined) throw tooEarly(id, later.id)
  const effects = [
    ...(row === undefined ? [] : ['It counts as not applied; whatever it made in the database stays there.']),
    ...(attempt === undefined || attempt.done === 0
      ? []
      : [
          `What its ${attempt.direction === 'up' ? 'Up' : 'Down'} section has done (${attempt.done} of ${attempt.statements.length} statements) stays done.`,
        ]),
    ...(file === undefined ? [] : ['The next athena migrate up runs it from its first statement.']),
  ]
  return planned(
    { kind: 'forgotten', id, checksumBefore: row?.checksum ?? attempt?.checksum ?? null, checksumAfter: null },
    effects,
    [
      `DELETE FROM athena_migrations.attempts WHERE name = ${literal(id)};`,
      `DELETE FROM athena_migrations.migrations WHERE name = ${literal(id)};`,
    ],
  )
}

/** An interrupted migration counts as applied whole: the rest was done, or put back, by hand. */
export async function planApplied(task: RepairTask): Promise<PlannedRepair> {
  const { id, row, attempt, file } = task.migration
  if (attempt === undefined || (row !== undefined && !isHalfDown(attempt))) {
    throw row === undefined
      ? nothing(id, 'it was not interrupted', 'Where its objects are there already: athena migrate baseline')
      : nothing(id, 'it is applied')
  }
  const forget = `DELETE FROM athena_migrations.attempts WHERE name = ${literal(id)};`
  const effects = ['It counts as applied, whole; no statement is run.']
  if (row !== undefined) {
    const { checksum } = row
    return planned({ kind: 'applied', id, checksumBefore: checksum, checksumAfter: checksum }, effects, [forget])
  }
  if (file === undefined) throw fileGone(id)
  const { checksum } = attempt
  const insert = recordApplied(await planOne(task, 'up'))
  return planned({ kind: 'applied', id, checksumBefore: checksum, checksumAfter: file.checksum }, effects, [
    insert,
    forget,
  ])
}

/** An attempt that failed at its first statement has changed nothing. */
function isHalfDown(attempt: KnownMigration['attempt']): boolean {
  return attempt !== undefined && attempt.done > 0
}

function planned(
  repair: Pick<Repair, 'kind' | 'id' | 'checksumBefore' | 'checksumAfter'>,
  effects: string[],
  sql: string[],
): PlannedRepair {
  return { ...repair, effects, sql: (reason) => [recordRepair({ ...repair, reason }), ...sql] }
}

/** One migration as a run would see it, were it alone. */
async function planOne(task: RepairTask, direction: 'up' | 'down'): Promise<PlannedMigration> {
  const { client, packages, ledger, variables, migration } = task
  const { id, row } = migration
  // As the ledger would be without the fault.
  const migrations = ledger.migrations
    .filter((each) => each.id !== id || direction === 'down')
    .map((each) => ({ ...each, undone: null, checksum: fileOf(packages, each.id)?.checksum ?? each.checksum }))
    .filter((each) => fileOf(packages, each.id) !== undefined)
  const to = direction === 'down' ? 'zero' : undefined
  const target = { direction, to, these: [id], variables: { ...variables, ...row?.variables } }
  const plan = await planOver(client, { exists: true, migrations, functions: [] }, packages, target)
  const [one] = plan.migrations
  if (one === undefined) throw new Error(`${id} is not in the plan`)
  return one
}

function fileOf(packages: readonly MigrationPackage[], id: string): KnownMigration['file'] {
  return packages.flatMap((pack) => pack.migrations).find((file) => file.id === id)
}

function firstLine(sql: string): string {
  const [line = ''] = sql.split('\n')
  return line === sql ? line : `${line} …`
}

function nothing(id: string, state: string, hint = 'See what there is to repair: athena migrate repair'): AthenaError {
  return new AthenaError({
    code: 'nothing_to_repair',
    message: `nothing is to be repaired in ${id}`,
    detail: `Of this migration, ${state}.`,
    hint,
  })
}

function goOn({ id, attempt, name }: KnownMigration): AthenaError {
  const { direction = 'up', done, statements } = attempt ?? {}
  return new AthenaError({
    code: 'nothing_to_repair',
    message: `migration ${id} was interrupted, and its file is what it was`,
    detail: `${done} of the ${statements?.length} statements of its ${direction === 'up' ? 'Up' : 'Down'} section are done.`,
    hint: `Go on with it: athena migrate ${direction}
If the rest was done by hand: athena migrate repair --applied ${name} --reason TEXT
If what it did was undone by hand: athena migrate repair --forget ${name} --reason TEXT`,
  })
}

function fileGone(id: string): AthenaError {
  return new AthenaError({
    code: 'not_repairable',
    message: `the file of ${id} is gone`,
    hint: 'Bring it back, or strike the migration from the ledger: athena migrate repair --forget',
  })
}

function inTransactionNow(id: string): AthenaError {
  return new AthenaError({
    code: 'not_repairable',
    message: `migration ${id} was interrupted as one without transaction, and its file has no "--! no-transaction" any more`,
    detail: 'In a transaction it would run from its first statement, also what is done already.',
    hint: 'Put the directive back; or undo by hand what was done, then: athena migrate repair --forget',
  })
}

function tooEarly(id: string, later: string): AthenaError {
  return new AthenaError({
    code: 'not_repairable',
    message: `${id} cannot be forgotten while a later migration of its package is applied`,
    detail: `${later} is; the next run would refuse to apply the earlier one after it.`,
    hint: 'Take the later one back first, or say that it stands: athena migrate repair --applied',
  })
}
