import { AthenaError } from '@athena-pg/database'
import type { MigrationPackage } from '../discover.ts'
import type { FunctionFile, MigrationFile } from '../package-files.ts'
import { timelineOf } from '../timeline.ts'
import { declarationsOf, resolveVariables } from '../variables.ts'
import type { Finding } from './finding.ts'
import { functionNames } from './function-names.ts'
import { type Known, nothingKnown } from './known.ts'
import { type LintSettings, lintFile, type ParsedFile } from './lint-file.ts'
import { parseFunction, parseMigration, type Values } from './parse-file.ts'
import { placeholders } from './placeholders.ts'
import { loadRules } from './rules.ts'
import { unreadable } from './unreadable.ts'

export interface LintOptions {
  /** Which files; all where it is left out. The others are read all the same, for what they make. */
  isWanted?: (file: MigrationFile | FunctionFile) => boolean
  /** Values of variables from athena.config.json and --set. */
  variables?: Readonly<Record<string, string>>
}

/**
 * Lints files without a database. Each migration is judged as the only pending one: what earlier ones made is known, and old.
 * @returns findings in the order of the timeline, functions last, and how many files were linted
 * @throws AthenaError what `resolveVariables` throws; a file that cannot be read is a finding
 */
export async function lintPackages(
  packages: readonly MigrationPackage[],
  options: LintOptions = {},
): Promise<{ findings: Finding[]; files: number }> {
  const values = valuesWithoutServer(packages, options.variables ?? {})
  const settings = { rules: await loadRules(), functions: functionNames(packages), isWhole: true }
  const known = nothingKnown()
  const isWanted = options.isWanted ?? (() => true)
  const findings: Finding[] = []
  let files = 0
  const visit = async <File extends MigrationFile | FunctionFile>(
    file: File,
    parse: (file: File, values: Values) => Promise<ParsedFile>,
  ): Promise<void> => {
    known.era += 1
    const found = await lintOne(() => parse(file, values), file, known, settings)
    if (!isWanted(file)) return
    files += 1
    findings.push(...found)
  }
  for (const file of timelineOf(packages)) await visit(file, parseMigration)
  for (const file of packages.flatMap((pack) => pack.functions)) await visit(file, parseFunction)
  return { findings, files }
}

async function lintOne(
  parse: () => Promise<ParsedFile>,
  file: MigrationFile | FunctionFile,
  known: Known,
  settings: LintSettings,
): Promise<Finding[]> {
  try {
    return lintFile(await parse(), known, settings)
  } catch (error) {
    if (error instanceof AthenaError) return [unreadable(file, error)]
    throw error
  }
}

/** Derived variables are SQL expressions that only a server evaluates. */
function valuesWithoutServer(packages: readonly MigrationPackage[], given: Readonly<Record<string, string>>): Values {
  const declarations = declarationsOf(packages)
  const settable = resolveVariables(declarations, { given, recorded: {} })
  const derived = [...declarations].filter(([, { type }]) => type === 'derived').map(([name]) => name)
  return placeholders(derived).map((values) => new Map([...settable, ...values]))
}
