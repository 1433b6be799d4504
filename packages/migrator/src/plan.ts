import type pg from 'pg'
import { assertBatched } from './batch/batch.ts'
import type { MigrationPackage } from './discover.ts'
import { type AppliedFunction, type AppliedMigration, type Ledger, readLedger, recordedVariables } from './ledger.ts'
import type { VariableDeclaration } from './manifest.ts'
import type { FunctionFile, MigrationFile } from './package-files.ts'
import { assertUnchanged, changedFiles } from './planning/changed.ts'
import { deriveVariables, detectedVariables } from './planning/derive.ts'
import { plannedFunctions, renderFunctions } from './planning/plan-functions.ts'
import { assertAllowed, assertPackagesKnown, assertReversible } from './planning/refuse.ts'
import { assertRequirements } from './planning/requirements.ts'
import { assertNoneHalfDown } from './planning/unfinished.ts'
import { type MigrationSource, readMigration } from './source.ts'
import { type RenderedSql, render, variablesIn } from './sql-text/render.ts'
import { type Statement, split } from './sql-text/statements.ts'
import { assertInOrder, downTo, timelineOf, upTo } from './timeline.ts'
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
  /** Only these migrations, by their ledger names. */
  these?: readonly string[] | undefined
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
  /** What a person should know before it is applied, one sentence each. */
  notes: readonly string[]
  /** Of the ledger that the plan was made from: another mark under the lock means that another run came first. */
  ledgerMark: string
}

/**
 * Read-only. All packages' pending migrations in one timeline: by stamp, ties by dependency, then by package name.
 *
 * @throws AthenaError `changed_file`, `missing_file`, `out_of_order`, `unknown_target`, what reading files and variables throws,
 * and what `requires` of a package refuses
 */
export async function plan(
  client: pg.ClientBase,
  packages: readonly MigrationPackage[],
  target: Target,
): Promise<Plan> {
  return planOver(client, await readLedger(client), packages, target)
}

/** The same for a ledger that is at hand, or that will be. */
export async function planOver(
  client: pg.ClientBase,
  ledger: Ledger,
  packages: readonly MigrationPackage[],
  target: Target,
): Promise<Plan> {
  assertPackagesKnown(packages, target)
  assertUnchanged(changedFiles(packages, ledger))
  const timeline = timelineOf(packages)
  const ids = new Set(timeline.map((file) => file.id))
  const appliedIds = new Set(ledger.migrations.map((row) => row.id))
  const unknown = ledger.migrations.filter((row) => !ids.has(row.id))
  const isWanted = (name: string) => target.only === undefined || target.only.includes(name)
  const pending = timeline.filter((file) => !appliedIds.has(file.id) && isWanted(file.package))
  const wanted = pending.filter((file) => target.these?.includes(file.id) ?? true)
  const chosen =
    target.direction === 'up'
      ? upTo(wanted, timeline, target.to)
      : downTo(
          ledger.migrations.filter((row) => isWanted(row.package) && (target.these?.includes(row.id) ?? true)),
          timeline,
          unknown,
          target,
        )
  if (target.direction === 'up') {
    assertNoneHalfDown(ledger.migrations)
    assertInOrder(chosen, ledger)
  }
  const functions = plannedFunctions(packages, ledger, target, chosen, isWanted, chosen.length < pending.length)
  const base = { target, packages, notes: notesOn(unknown), ledgerMark: markOf(ledger) }
  const given = target.variables ?? {}
  const declarations = declarationsOf(packages)
  const recorded = recordedVariables(ledger)
  if (chosen.length === 0 && functions.length === 0) {
    resolveVariables(declarations, { given, recorded })
    return { ...base, migrations: [], functions: [] }
  }
  const notes = target.direction === 'up' ? await assertRequirements(client, packages) : []
  const settable = resolveVariables(declarations, { given, recorded, detected: await detectedVariables(client) })
  const sources = chosen.map((file) => ({ file, source: readMigration(file.text, file.path) }))
  if (target.direction === 'down') assertReversible(sources)
  const texts = sources
    .map(({ source }) => source[target.direction].text)
    .concat(functions.map(({ file }) => file?.text ?? ''))
  const values = await deriveVariables(client, declarations, settable, texts.flatMap(variablesIn))
  const versions = new Map(packages.map((pack) => [pack.name, pack.version]))
  const migrations: PlannedMigration[] = []
  for (const { file, source } of sources) {
    const { batch } = source.directives
    const inFile = batch === undefined ? values : new Map(values).set('batch', String(batch.size))
    const rendered = render(source[target.direction], inFile, file.path, file.text)
    const statements = await split(rendered, file.path, file.text)
    assertAllowed(statements, source, rendered, file)
    assertBatched(statements, source, rendered, file)
    const variables = settableIn(source.up.text + source.down.text, declarations, settable)
    migrations.push({
      id: file.id,
      package: file.package,
      version: versions.get(file.package) ?? '',
      file,
      source,
      rendered,
      statements,
      variables,
    })
  }
  return {
    ...base,
    notes: [...base.notes, ...notes],
    migrations,
    functions: await renderFunctions(functions, values, versions),
  }
}

function notesOn(unknown: readonly AppliedMigration[]): string[] {
  if (unknown.length === 0) return []
  const names = [...new Set(unknown.map((row) => row.package))].join(', ')
  return [`${unknown.length} migrations of ${names} are applied here, but this project does not name these packages`]
}

/** What a file depends on, directly and through derived variables. */
function settableIn(
  text: string,
  declarations: ReadonlyMap<string, VariableDeclaration>,
  settable: ReadonlyMap<string, string>,
): Record<string, string> {
  const names = variablesIn(text).flatMap((name) => {
    const declaration = declarations.get(name)
    return declaration?.type === 'derived' ? variablesIn(declaration.expression) : [name]
  })
  // `batch` belongs to the file, not to the database.
  return Object.fromEntries(names.filter((name) => settable.has(name)).map((name) => [name, settable.get(name) ?? '']))
}

/** Tells one state of the ledger from another; after a repair, or half of a way down, it is another. */
export function markOf(ledger: Ledger): string {
  const rows = ledger.migrations
    .map((row) => `${row.id} ${row.checksum} ${row.undone ?? ''}`)
    .concat(ledger.functions.map((row) => `${row.package} ${row.file} ${row.checksum}`))
  return rows.join('\n')
}
