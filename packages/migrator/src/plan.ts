import { AthenaError } from '@athena-pg/database'
import type pg from 'pg'
import { deriveVariables, detectedVariables } from './derive.ts'
import type { FunctionFile, MigrationFile, MigrationPackage } from './discover.ts'
import { type AppliedFunction, type AppliedMigration, type Ledger, readLedger, recordedVariables } from './ledger.ts'
import { nearest } from './nearest.ts'
import { type RenderedSql, render, variablesIn } from './render.ts'
import { assertRequirements } from './requirements.ts'
import { type MigrationSource, readMigration } from './source.ts'
import { refusedStatement, type Statement, split } from './statements.ts'
import { assertUnchanged, type ChangedFile, changedFiles } from './changed.ts'
import { lineAndColumn } from './scan.ts'
import { declarationsOf, resolveVariables } from './variables.ts'

/** What is asked for. */
export interface Target {
  direction: 'up' | 'down'
  /**
   * Up: the last migration to apply. Down: the migration to go back to, which stays, or `zero`.
   * A ledger name, a file name, or its stamp.
   */
  to?: string | undefined
  /** Down without `to`: how many migrations; 1 by default. */
  steps?: number | undefined
  /** Only these packages. */
  only?: readonly string[] | undefined
  /** Values of variables from athena.config.json and --set. */
  variables?: Readonly<Record<string, string>> | undefined
}

export interface PlannedMigration {
  id: string
  package: string
  version: string
  file: MigrationFile
  source: MigrationSource
  rendered: RenderedSql
  statements: readonly Statement[]
  /** Values of the variables that stand in it, as the ledger will record them. */
  variables: Readonly<Record<string, string>>
}

export interface PlannedFunction {
  action: 'apply' | 'drop'
  package: string
  version: string
  name: string
  /** What the ledger knows of it, where it was applied before. */
  applied?: AppliedFunction
  file?: FunctionFile
  rendered?: RenderedSql
  statements?: readonly Statement[]
}

/** A value that can be printed, tested or applied; making it changed nothing. */
export interface Plan {
  target: Target
  packages: readonly MigrationPackage[]
  migrations: readonly PlannedMigration[]
  /** Dropped before the migrations go down; applied after they went up. */
  functions: readonly PlannedFunction[]
  /** Applied, but their files are no longer there: their package is not among those asked for. */
  unknown: readonly AppliedMigration[]
  /** Of the ledger that the plan was made from: another mark under the lock means that another run came first. */
  ledgerMark: string
}

export interface Status {
  applied: readonly AppliedMigration[]
  pending: readonly MigrationFile[]
  changed: readonly ChangedFile[]
  functions: readonly { package: string; name: string; state: 'applied' | 'pending' | 'changed' | 'removed'; applied?: AppliedFunction; file?: FunctionFile }[]
}

/**
 * Read-only. All packages' pending migrations in one timeline: by stamp, ties by dependency, then by package name.
 *
 * @throws AthenaError `changed_file`, `missing_file`, `out_of_order`, `unknown_target`, what reading files and variables throws,
 * and what `requires` of a package refuses
 */
export async function plan(client: pg.ClientBase, packages: readonly MigrationPackage[], target: Target): Promise<Plan> {
  const ledger = await readLedger(client)
  return planFrom(client, ledger, packages, target)
}

async function planFrom(client: pg.ClientBase, ledger: Ledger, packages: readonly MigrationPackage[], target: Target): Promise<Plan> {
  assertPackagesKnown(packages, target)
  assertUnchanged(changedFiles(packages, ledger))
  const timeline = timelineOf(packages)
  const ids = new Set(timeline.map((file) => file.id))
  const appliedIds = new Set(ledger.migrations.map((row) => row.id))
  const unknown = ledger.migrations.filter((row) => !ids.has(row.id))
  const isWanted = (name: string) => target.only === undefined || target.only.includes(name)
  const pending = timeline.filter((file) => !appliedIds.has(file.id) && isWanted(file.package))
  const chosen =
    target.direction === 'up'
      ? upTo(pending, timeline, target.to)
      : downTo(ledger.migrations.filter((row) => isWanted(row.package)), timeline, unknown, target)
  if (target.direction === 'up') assertInOrder(chosen, ledger)
  const functions = plannedFunctions(packages, ledger, target, chosen, isWanted, chosen.length < pending.length)
  const base = { target, packages, unknown, ledgerMark: markOf(ledger) }
  const given = target.variables ?? {}
  const declarations = declarationsOf(packages)
  const recorded = recordedVariables(ledger)
  if (chosen.length === 0 && functions.length === 0) {
    resolveVariables(declarations, { given, recorded })
    return { ...base, migrations: [], functions: [] }
  }
  if (target.direction === 'up') await assertRequirements(client, packages)
  const settable = resolveVariables(declarations, { given, recorded, detected: await detectedVariables(client) })
  const sources = chosen.map((file) => ({ file, source: readMigration(file.text, file.path) }))
  if (target.direction === 'down') assertReversible(sources)
  const texts = sources.map(({ source }) => source[target.direction].text).concat(functions.map(({ file }) => file?.text ?? ''))
  const values = await deriveVariables(client, declarations, settable, texts.flatMap(variablesIn))
  const versions = new Map(packages.map((pack) => [pack.name, pack.version]))
  const migrations: PlannedMigration[] = []
  for (const { file, source } of sources) {
    const rendered = render(source[target.direction], values, file.path, file.text)
    const statements = await split(rendered, file.path, file.text)
    assertAllowed(statements, source, rendered, file)
    const variables = Object.fromEntries(
      variablesIn(source.up.text + source.down.text)
        .filter((name) => settable.has(name))
        .map((name) => [name, settable.get(name) ?? '']),
    )
    migrations.push({ id: file.id, package: file.package, version: versions.get(file.package) ?? '', file, source, rendered, statements, variables })
  }
  return { ...base, migrations, functions: await renderFunctions(functions, values, versions) }
}

/** Tells one state of the ledger from another. */
export function markOf(ledger: Ledger): string {
  const rows = ledger.migrations.map((row) => row.id).concat(ledger.functions.map((row) => `${row.package} ${row.file} ${row.checksum}`))
  return rows.join('\n')
}

/** What is applied, pending, changed; no variable and no statement is looked at. */
export async function status(client: pg.ClientBase, packages: readonly MigrationPackage[]): Promise<Status> {
  const ledger = await readLedger(client)
  const appliedIds = new Set(ledger.migrations.map((row) => row.id))
  const files = packages.flatMap((pack) => pack.functions)
  const known = files.map((file) => {
    const applied = ledger.functions.find((row) => row.package === file.package && row.file === file.name)
    const state = applied === undefined ? ('pending' as const) : applied.checksum === file.checksum ? ('applied' as const) : ('changed' as const)
    return { package: file.package, name: file.name, state, file, ...(applied && { applied }) }
  })
  const removed = removedFunctions(packages, ledger).map((applied) => ({ package: applied.package, name: applied.file, state: 'removed' as const, applied }))
  return {
    applied: ledger.migrations,
    pending: timelineOf(packages).filter((file) => !appliedIds.has(file.id)),
    changed: changedFiles(packages, ledger),
    functions: [...known, ...removed],
  }
}

function timelineOf(packages: readonly MigrationPackage[]): MigrationFile[] {
  const rank = new Map(packages.map((pack, index) => [pack.name, index]))
  return packages
    .flatMap((pack) => pack.migrations)
    .sort((a, b) => (a.stamp === b.stamp ? (rank.get(a.package) ?? 0) - (rank.get(b.package) ?? 0) : a.stamp < b.stamp ? -1 : 1))
}

function upTo(pending: MigrationFile[], timeline: MigrationFile[], to: string | undefined): MigrationFile[] {
  if (to === undefined) return pending
  const last = timeline.indexOf(findTarget(to, timeline))
  return pending.filter((file) => timeline.indexOf(file) <= last)
}

/** Backwards in the order of application, which need not be the order of the timeline: a late arrival went last. */
function downTo(applied: readonly AppliedMigration[], timeline: MigrationFile[], unknown: readonly AppliedMigration[], target: Target): MigrationFile[] {
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

function findTarget(to: string, timeline: MigrationFile[]): MigrationFile {
  const wanted = to.replace(/\.sql$/, '')
  const hits = timeline.filter((file) => [file.id, file.name, file.stamp].includes(wanted))
  if (hits.length === 1 && hits[0] !== undefined) return hits[0]
  const near = nearest(wanted, timeline.map((file) => file.name))
  throw new AthenaError({
    code: 'unknown_target',
    message: hits.length === 0 ? `no migration is called ${to}` : `several migrations are called ${to}`,
    detail: hits.length === 0 ? undefined : hits.map((file) => file.id).join(', '),
    hint: hits.length > 0 ? 'Give the name with its package, as above.' : near === undefined ? 'List them: athena migrate status' : `Did you mean ${near}?`,
    exit: 2,
  })
}

function plannedFunctions(
  packages: readonly MigrationPackage[],
  ledger: Ledger,
  target: Target,
  chosen: readonly MigrationFile[],
  isWanted: (name: string) => boolean,
  isPartial: boolean,
): Omit<PlannedFunction, 'version'>[] {
  const appliedOf = (file: FunctionFile) => ledger.functions.find((row) => row.package === file.package && row.file === file.name)
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

function removedFunctions(packages: readonly MigrationPackage[], ledger: Ledger): AppliedFunction[] {
  return ledger.functions.filter((row) => {
    const pack = packages.find((each) => each.name === row.package)
    return pack !== undefined && !pack.functions.some((file) => file.name === row.file)
  })
}

function withDependents(packages: readonly MigrationPackage[], names: ReadonlySet<string>): Set<string> {
  const affected = new Set(names)
  // Packages come after those they need, so one pass is enough.
  for (const pack of packages) if (pack.dependencies.some((name) => affected.has(name))) affected.add(pack.name)
  return affected
}

async function renderFunctions(
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

function assertAllowed(statements: readonly Statement[], source: MigrationSource, rendered: RenderedSql, file: MigrationFile): void {
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

/** Within one package order is strict; between packages a late arrival is welcome. */
function assertInOrder(chosen: readonly MigrationFile[], ledger: Ledger): void {
  for (const file of chosen) {
    const later = ledger.migrations.find((row) => row.package === file.package && row.file > file.name)
    if (later === undefined) continue
    throw new AthenaError({
      code: 'out_of_order',
      message: `migration ${file.id} comes before one of its package that is applied already`,
      detail: `${later.file} was applied on ${later.appliedAt.toISOString()}.`,
      hint: 'Give the pending file a stamp later than that, or take the applied one back first: athena migrate down.',
    })
  }
}

function assertReversible(sources: readonly { file: MigrationFile; source: MigrationSource }[]): void {
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

function assertPackagesKnown(packages: readonly MigrationPackage[], target: Target): void {
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
