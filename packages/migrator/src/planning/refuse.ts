import { AthenaError } from '@athena-pg/database'
import type { MigrationPackage } from '../discover.ts'
import { nearest } from '../nearest.ts'
import type { MigrationFile } from '../package-files.ts'
import type { Target } from '../plan.ts'
import type { MigrationSource } from '../source.ts'
import type { RenderedSql } from '../sql-text/render.ts'
import { lineAndColumn } from '../sql-text/scan.ts'
import { refusedStatement, type Statement } from '../sql-text/statements.ts'

/** @throws AthenaError `refused_statement` with file, line and column */
export function assertAllowed(
  statements: readonly Statement[],
  source: MigrationSource,
  rendered: RenderedSql,
  file: MigrationFile,
): void {
  for (const statement of statements) {
    const refused = refusedStatement(statement, source.directives.noTransaction)
    if (refused === undefined) continue
    const { line, column } = lineAndColumn(file.text, rendered.positionInFile(statement.offset))
    throw new AthenaError({
      code: 'refused_statement',
      message: `migration ${file.id} holds a statement that cannot be run safely`,
      detail: `${file.path}:${line}:${column}: ${refused}.`,
      hint: 'Nothing was applied.',
    })
  }
}

/** @throws AthenaError `irreversible` with the file's own reason */
export function assertReversible(sources: readonly { file: MigrationFile; source: MigrationSource }[]): void {
  for (const { file, source } of sources) {
    if (source.directives.irreversible === undefined) continue
    throw new AthenaError({
      code: 'irreversible',
      message: `migration ${file.id} has no way back`,
      detail: source.directives.irreversible,
      hint: 'Restore a backup from before it, or go down only to it: athena migrate down --to '.concat(file.name),
    })
  }
}

/** @throws AthenaError `unknown_package` */
export function assertPackagesKnown(packages: readonly MigrationPackage[], target: Target): void {
  const names = packages.map((pack) => pack.name)
  for (const name of target.only ?? []) {
    if (names.includes(name)) continue
    const near = nearest(name, names)
    throw new AthenaError({
      code: 'unknown_package',
      message: `no migration package is called ${name}`,
      detail: `There are ${names.join(', ')}.`,
      hint: near === undefined ? undefined : `Did you mean ${near}?`,
      exit: 2,
    })
  }
}
