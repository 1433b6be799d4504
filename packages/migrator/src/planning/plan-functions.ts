import { AthenaError } from '@athena-pg/database'
import type { MigrationPackage } from '../discover.ts'
import type { AppliedFunction, Ledger } from '../ledger.ts'
import type { FunctionFile, MigrationFile } from '../package-files.ts'
import type { PlannedFunction, Target } from '../plan.ts'
import { render } from '../sql-text/render.ts'
import { type Statement, split } from '../sql-text/statements.ts'

export function plannedFunctions(
  packages: readonly MigrationPackage[],
  ledger: Ledger,
  target: Target,
  chosen: readonly MigrationFile[],
  isWanted: (name: string) => boolean,
  isPartial: boolean,
): Omit<PlannedFunction, 'version'>[] {
  const appliedOf = (file: FunctionFile) =>
    ledger.functions.find((row) => row.package === file.package && row.file === file.name)
  const touched = new Set(chosen.map((file) => file.package))
  if (target.direction === 'down') {
    // A function of a package that depends on a touched one may use what goes away, too.
    const affected = withDependents(packages, touched)
    return ledger.functions
      .filter((row) => affected.has(row.package))
      .map((applied) => {
        const file = packages.flatMap((pack) => pack.functions).find((each) => appliedOf(each) === applied)
        return { action: 'drop' as const, package: applied.package, name: applied.file, applied, ...(file && { file }) }
      })
  }
  // Functions are written for the newest tables.
  if (isPartial) return []
  const drops = removedFunctions(packages, ledger)
    .filter((row) => isWanted(row.package))
    .map((applied) => ({ action: 'drop' as const, package: applied.package, name: applied.file, applied }))
  const applies = packages
    .flatMap((pack) => pack.functions)
    .filter((file) => isWanted(file.package) && appliedOf(file)?.checksum !== file.checksum)
    .map((file) => {
      const applied = appliedOf(file)
      return { action: 'apply' as const, package: file.package, name: file.name, file, ...(applied && { applied }) }
    })
  return [...drops, ...applies]
}

export function removedFunctions(packages: readonly MigrationPackage[], ledger: Ledger): AppliedFunction[] {
  return ledger.functions.filter((row) => {
    const pack = packages.find((each) => each.name === row.package)
    return pack !== undefined && !pack.functions.some((file) => file.name === row.file)
  })
}

export function withDependents(packages: readonly MigrationPackage[], names: ReadonlySet<string>): Set<string> {
  const affected = new Set(names)
  // Packages come after those they need, so one pass is enough.
  for (const pack of packages) if (pack.dependencies.some((name) => affected.has(name))) affected.add(pack.name)
  return affected
}

export async function renderFunctions(
  functions: readonly Omit<PlannedFunction, 'version'>[],
  values: ReadonlyMap<string, string>,
  versions: ReadonlyMap<string, string>,
): Promise<PlannedFunction[]> {
  const planned: PlannedFunction[] = []
  for (const item of functions) {
    const version = versions.get(item.package) ?? ''
    if (item.file === undefined) {
      planned.push({ ...item, version })
      continue
    }
    const { file } = item
    const rendered = render({ text: file.text, offset: 0 }, values, file.path, file.text)
    const statements = await split(rendered, file.path, file.text)
    assertOneFunction(statements, file)
    planned.push({ ...item, version, rendered, statements })
  }
  return planned
}

function assertOneFunction(statements: readonly Statement[], file: FunctionFile): void {
  const created = statements.filter((statement) => statement.tree.CreateFunctionStmt !== undefined)
  const names = created.map((statement) => {
    const parts = statement.tree.CreateFunctionStmt?.funcname as { String: { sval: string } }[]
    return parts.map((part) => part.String.sval)
  })
  const name = names[0]
  if (created.length === 1 && name?.length === 2 && name[1] === file.name) return
  throw new AthenaError({
    code: 'malformed_function_file',
    message: `${file.path} must create the one function that it is named after`,
    detail: `It creates ${names.map((parts) => parts.join('.')).join(', ') || 'none'}.`,
    hint: `Write CREATE OR REPLACE FUNCTION <schema>.${file.name}(…), and one file per function.`,
  })
}
