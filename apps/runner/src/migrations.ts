import { setFlagsFromString } from 'node:v8'
import { AthenaError, type Database } from '@athena-pg/database'
import { type DiscoverOptions, discover, type MigrationPackage, type Plan, type Target } from '@athena-pg/migrator'
import type { Config } from './config/config.ts'

/** Flags that every command about migrations takes. */
export const targetOptions = {
  to: {
    type: 'string',
    value: 'MIGRATION',
    description: 'Stop at this migration: its name, its file name or its stamp',
  },
  only: {
    type: 'string',
    multiple: true,
    value: 'PACKAGE',
    description: 'Only migrations of this package; may be given several times',
  },
  set: {
    type: 'string',
    multiple: true,
    value: 'NAME=VALUE',
    description: 'Value of a variable, before athena.config.json',
  },
  'show-sql': { type: 'boolean', description: 'Print the SQL as a script for psql, and change nothing' },
} as const

/** Flags of the commands that take locks. */
export const patienceOptions = {
  'lock-timeout': {
    type: 'string',
    value: 'TIME',
    description:
      'Longest wait for a lock on a table, where a file says nothing (500ms); what queues behind waits as well',
  },
  'lock-retries': {
    type: 'string',
    value: 'N',
    description: 'How often to come back for a lock that was not to be had (29, over about two minutes)',
  },
} as const

interface TargetFlags {
  to?: string | undefined
  only?: readonly string[] | undefined
  set?: readonly string[] | undefined
}

/** The installed packages, and the project's own folder, as the configuration names them. */
export function packagesOf(config: Config): readonly MigrationPackage[] {
  if (config.found !== undefined) return config.found
  const options: DiscoverOptions = {
    packages: config.packages,
    migrations: config.migrations,
    functions: config.functions,
    project: config.project,
    // The default packages come with the runner itself.
    resolveFrom: [import.meta.dirname],
  }
  return discover(options)
}

/**
 * @param packages to complete short names of `--only`: `schema` means `@athena-pg/schema`
 * @throws AthenaError `malformed_set`
 */
export function targetOf(
  direction: Target['direction'],
  flags: TargetFlags,
  config: Config,
  packages: readonly MigrationPackage[],
): Target {
  const assignments = (flags.set ?? []).map((assignment) => {
    const equals = assignment.indexOf('=')
    if (equals < 1) throw malformedSet(assignment)
    return [assignment.slice(0, equals).trim(), assignment.slice(equals + 1).trim()] as const
  })
  return {
    direction,
    to: flags.to,
    only: flags.only?.map((name) => fullName(name, packages)),
    variables: { ...config.variables, ...Object.fromEntries(assignments) },
  }
}

/** `schema` for `@athena-pg/schema`, where only one package ends so. */
export function fullName(name: string, packages: readonly MigrationPackage[]): string {
  const ending = packages.filter((pack) => pack.name.endsWith(`/${name}`))
  return !packages.some((pack) => pack.name === name) && ending[0] !== undefined && ending.length === 1
    ? ending[0].name
    : name
}

/** What `plan` and a dry run print with --json. */
export interface PlanAnswer {
  direction: Target['direction']
  migrations: {
    id: string
    package: string
    file: string
    checksum: string
    statements: number
    transaction: boolean
    /** Rows of a batch, where its statements are repeated. */
    batch: number | null
    variables: Readonly<Record<string, string>>
  }[]
  functions: { action: 'apply' | 'drop'; package: string; file: string }[]
}

/** A plan as the JSON that --json prints. */
export function planAsJson(plan: Plan): PlanAnswer {
  return {
    direction: plan.target.direction,
    migrations: plan.migrations.map(({ id, package: name, file, statements, variables, source }) => ({
      id,
      package: name,
      file: file.name,
      checksum: file.checksum,
      statements: statements.length,
      transaction: !source.directives.noTransaction,
      batch: source.directives.batch?.size ?? null,
      variables,
    })),
    functions: plan.functions.map(({ action, package: name, name: file }) => ({ action, package: name, file })),
  }
}

/** One line per step, as `plan` and `--dry-run` print it. */
export function planAsLines(plan: Plan): string[] {
  return planLines(planAsJson(plan))
}

export function planLines({ direction, migrations, functions }: PlanAnswer): string[] {
  const verb = direction === 'up' ? 'apply' : 'take back'
  const files = migrations.map(({ package: name, file, statements, transaction, batch }) => {
    const count = `${statements} statement${statements === 1 ? '' : 's'}`
    const how = batch !== null ? `, in batches of ${batch} rows` : transaction ? '' : ', no transaction'
    return `${verb} ${name}/${file} (${count}${how})`
  })
  const routines = functions.map(({ action, package: name, file }) => `${action} function ${name}/${file}`)
  return direction === 'up' ? [...files, ...routines] : [...routines, ...files]
}

function malformedSet(assignment: string): AthenaError {
  return new AthenaError({
    code: 'malformed_set',
    message: `--set ${assignment} does not assign a value`,
    hint: 'Write --set name=value, for example --set embedding_dimensions=384',
    exit: 2,
  })
}

/**
 * Opens the database for a command that may parse SQL. PostgreSQL's parser is WebAssembly, and V8's optimizing compiler would spend
 * a second of CPU on it for a few hundred small files, against 0.1 s of parsing. The embedded database is WebAssembly too and
 * earns its optimization, so there everything stays as it is.
 */
export async function openForMigrations(context: { openDatabase(): Promise<Database> }): Promise<Database> {
  const database = await context.openDatabase()
  if (database.kind === 'server')
    for (const flag of ['--no-wasm-tier-up', '--no-wasm-dynamic-tiering']) setFlagsFromString(flag)
  return database
}
