import { AthenaError } from '@athena-pg/database'
import type { MigrationPackage } from '../discover.ts'
import type { Ledger } from '../ledger.ts'

/** An applied migration whose file is not what it was, or is gone from a package that is still there. */
export interface ChangedFile {
  id: string
  package: string
  file: string
  appliedChecksum: string
  /** undefined: the file is gone. */
  checksum?: string
  path?: string
}

export function changedFiles(packages: readonly MigrationPackage[], ledger: Ledger): ChangedFile[] {
  const files = new Map(packages.flatMap((pack) => pack.migrations).map((file) => [file.id, file]))
  const names = new Set(packages.map((pack) => pack.name))
  return ledger.migrations.flatMap((row): ChangedFile[] => {
    const file = files.get(row.id)
    const base = { id: row.id, package: row.package, file: row.file, appliedChecksum: row.checksum }
    if (file === undefined) return names.has(row.package) ? [base] : []
    return file.checksum === row.checksum ? [] : [{ ...base, checksum: file.checksum, path: file.path }]
  })
}

/** @throws AthenaError `changed_file` or `missing_file`, with both checksums */
export function assertUnchanged(changed: readonly ChangedFile[]): void {
  if (changed.length === 0) return
  const edited = changed.filter((file) => file.checksum !== undefined)
  if (edited.length === 0) {
    throw new AthenaError({
      code: 'missing_file',
      message: 'migrations that are applied here are gone from their package',
      detail: changed.map((file) => `${file.id} (applied with checksum ${file.appliedChecksum})`).join('\n'),
      hint: 'Is an older version of the package installed? Install the one that was applied, or a later one. If they are gone for good: athena migrate repair --forget',
    })
  }
  throw new AthenaError({
    code: 'changed_file',
    message: 'a migration file was changed after it was applied',
    detail: edited
      .map((file) => `${file.path}: applied with checksum ${file.appliedChecksum}, now ${file.checksum}`)
      .join('\n'),
    hint: 'Put the old text back, and write a new migration for the change: athena migrate new. Where the database has what the file says now: athena migrate repair',
  })
}
