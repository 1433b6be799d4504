import type pg from 'pg'
import { type Damage, findDamage } from './damage.ts'
import type { MigrationPackage } from './discover.ts'
import { type AppliedFunction, type AppliedMigration, readLedger } from './ledger.ts'
import type { FunctionFile, MigrationFile } from './package-files.ts'
import { type ChangedFile, changedFiles } from './planning/changed.ts'
import { removedFunctions } from './planning/plan-functions.ts'
import { timelineOf } from './timeline.ts'

export interface Status {
  applied: readonly AppliedMigration[]
  pending: readonly MigrationFile[]
  changed: readonly ChangedFile[]
  functions: readonly {
    package: string
    name: string
    /** `changed`: its file is another one now, which `up` applies. `missing`: recorded, but not in the database. */
    state: 'applied' | 'pending' | 'changed' | 'removed' | 'missing'
    applied?: AppliedFunction
    file?: FunctionFile
  }[]
  /** Qualified names of indexes in the schema athena that are invalid, and that no run is going to mend. */
  invalidIndexes: readonly string[]
}

/** Read-only: what is applied, pending, changed and damaged; no variable and no statement is looked at. */
export async function status(client: pg.ClientBase, packages: readonly MigrationPackage[]): Promise<Status> {
  const ledger = await readLedger(client)
  const damage: Damage = ledger.exists ? await findDamage(client) : { missingFunctions: [], invalidIndexes: [] }
  const appliedIds = new Set(ledger.migrations.map((row) => row.id))
  const files = packages.flatMap((pack) => pack.functions)
  const known = files.map((file) => {
    const applied = ledger.functions.find((row) => row.package === file.package && row.file === file.name)
    const state =
      applied === undefined
        ? ('pending' as const)
        : applied.checksum === file.checksum
          ? damage.missingFunctions.includes(applied.signature)
            ? ('missing' as const)
            : ('applied' as const)
          : ('changed' as const)
    return { package: file.package, name: file.name, state, file, ...(applied && { applied }) }
  })
  const removed = removedFunctions(packages, ledger).map((applied) => ({
    package: applied.package,
    name: applied.file,
    state: 'removed' as const,
    applied,
  }))
  return {
    applied: ledger.migrations,
    pending: timelineOf(packages).filter((file) => !appliedIds.has(file.id)),
    changed: changedFiles(packages, ledger),
    functions: [...known, ...removed],
    invalidIndexes: damage.invalidIndexes,
  }
}
