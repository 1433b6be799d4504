import { AthenaError } from '@athena-pg/database'
import type { MigrationPackage } from './discover.ts'
import type { AppliedMigration, Ledger } from './ledger.ts'
import { nearest } from './nearest.ts'
import type { MigrationFile } from './package-files.ts'
import type { Target } from './plan.ts'

/** All packages' migrations in one order: by stamp, ties by dependency, then by package name. */
export function timelineOf(packages: readonly MigrationPackage[]): MigrationFile[] {
  const rank = new Map(packages.map((pack, index) => [pack.name, index]))
  return packages
    .flatMap((pack) => pack.migrations)
    .sort((a, b) =>
      a.stamp === b.stamp ? (rank.get(a.package) ?? 0) - (rank.get(b.package) ?? 0) : a.stamp < b.stamp ? -1 : 1,
    )
}

export function upTo(pending: MigrationFile[], timeline: MigrationFile[], to: string | undefined): MigrationFile[] {
  if (to === undefined) return pending
  const last = timeline.indexOf(findTarget(to, timeline))
  return pending.filter((file) => timeline.indexOf(file) <= last)
}

/** Backwards in the order of application, which need not be the order of the timeline: a late arrival went last. */
export function downTo(
  applied: readonly AppliedMigration[],
  timeline: MigrationFile[],
  unknown: readonly AppliedMigration[],
  target: Target,
): MigrationFile[] {
  const backwards = applied.toReversed()
  let rows = backwards.slice(0, target.steps ?? 1)
  if (target.to === 'zero') rows = backwards
  else if (target.to !== undefined) {
    const kept = findTarget(target.to, timeline)
    const index = backwards.findIndex((row) => row.id === kept.id)
    if (index < 0) throw notApplied(kept)
    rows = backwards.slice(0, index)
  }
  const lost = rows.filter((row) => unknown.includes(row))
  if (lost.length > 0) throw missingFiles(lost)
  return rows.map((row) => timeline.find((file) => file.id === row.id)).filter((file) => file !== undefined)
}

/**
 * @param to a ledger name, a file name, or its stamp
 * @throws AthenaError `unknown_target`
 */
export function findTarget<T extends Pick<MigrationFile, 'id' | 'name' | 'stamp'>>(
  to: string,
  timeline: readonly T[],
): T {
  const wanted = to.replace(/\.sql$/, '')
  const hits = timeline.filter((file) => [file.id, file.name, file.stamp].includes(wanted))
  if (hits.length === 1 && hits[0] !== undefined) return hits[0]
  const near = nearest(
    wanted,
    timeline.map((file) => file.name),
  )
  throw new AthenaError({
    code: 'unknown_target',
    message: hits.length === 0 ? `no migration is called ${to}` : `several migrations are called ${to}`,
    detail: hits.length === 0 ? undefined : hits.map((file) => file.id).join(', '),
    hint:
      hits.length > 0
        ? 'Give the name with its package, as above.'
        : near === undefined
          ? 'List them: athena migrate status'
          : `Did you mean ${near}?`,
    exit: 2,
  })
}

/** Within one package order is strict; between packages a late arrival is welcome. */
export function assertInOrder(chosen: readonly MigrationFile[], ledger: Ledger): void {
  for (const file of chosen) {
    const later = ledger.migrations.find((row) => row.package === file.package && row.file > file.name)
    if (later === undefined) continue
    throw new AthenaError({
      code: 'out_of_order',
      message: `migration ${file.id} comes before one of its package that is applied already`,
      detail: `${later.file} was applied on ${later.appliedAt.toISOString()}.`,
      hint: 'Give the pending file a stamp later than that, or take the applied one back first: athena migrate down. Where it was applied once and its row of the ledger is gone, record it again without running it: athena migrate baseline',
    })
  }
}

function notApplied(file: MigrationFile): AthenaError {
  return new AthenaError({
    code: 'not_applied',
    message: `cannot go down to ${file.id}: it is not applied`,
    hint: 'List what is: athena migrate status',
  })
}

function missingFiles(rows: readonly AppliedMigration[]): AthenaError {
  return new AthenaError({
    code: 'missing_file',
    message: 'applied migrations have no file any more, so there is no Down section to run',
    detail: rows.map((row) => row.id).join(', '),
    hint: `Install ${[...new Set(rows.map((row) => `${row.package}@${row.version}`))].join(', ')} again, or add it to "packages" in athena.config.json.`,
  })
}
