import { AthenaError } from '@athena-pg/database'
import type pg from 'pg'
import { type CatalogueRow, catalogueRows } from '../catalogue/catalogue.ts'
import { objectsOf } from '../catalogue/catalogue-objects.ts'
import { compareObjects, type Difference, differenceLines, wholeOf } from '../catalogue/compare-objects.ts'
import { firstPart, unquoted } from '../catalogue/name-parts.ts'
import { schemasOf } from '../catalogue/schemas.ts'
import type { MigrationPackage } from '../discover.ts'
import type { AppliedMigration, Ledger } from '../ledger.ts'
import { assertUnchanged, changedFiles } from '../planning/changed.ts'
import { appliedToShadow } from '../shadow/applied-to-shadow.ts'
import type { ShadowOptions } from '../shadow/shadow.ts'
import { ledgerAndVariables } from '../shadow/shadow-variables.ts'
import { withoutAllowed } from './drift-allowed.ts'
import { inRunningOrder } from './drift-order.ts'
import { livePartitions } from './live-partitions.ts'
import { type Mend, mend } from './mend.ts'

export { differenceLines } from '../catalogue/compare-objects.ts'
export type { ShadowOptions } from '../shadow/shadow.ts'

/** One object that is not as the applied migrations made it. */
export interface DriftFinding {
  state: Difference['state']
  /** `index athena.idx_memories_fts` */
  object: string
  /** As the catalogue prints it; undefined where it should not be, or is not. */
  expected?: string
  actual?: string
  /** `-` is expected and not there, `+` is there and not expected. */
  diff: readonly string[]
  mend: Mend
}

export interface Drift {
  /** Migrations that the live database was compared with. */
  migrations: number
  /** In the order in which their SQL can be run. */
  findings: readonly DriftFinding[]
  /** What was not compared, and why, one sentence each. */
  notes: readonly string[]
  /** Migrations that were begun and not finished, by their names in the ledger: what is done of them shows as drift. */
  interrupted: readonly string[]
}

/**
 * Compares a live database with what its ledger says is applied: those migrations, and the functions as they were applied, are
 * applied to a shadow with the recorded variables. Reads only; owners, grants and rows are not compared.
 *
 * @param given values of variables from the configuration
 * @throws AthenaError `changed_file`, `missing_file`, `ledger_unreadable`, `shadow_failed`, what `plan` and making a shadow throw
 */
export async function drift(
  client: pg.ClientBase,
  packages: readonly MigrationPackage[],
  shadow: ShadowOptions = {},
  given: Readonly<Record<string, string>> = {},
): Promise<Drift> {
  const { ledger, variables } = await ledgerAndVariables(client, packages, given)
  if (ledger.migrations.length === 0)
    return { migrations: 0, findings: [], notes: ['nothing is applied here yet'], interrupted: [] }
  assertUnchanged(changedFiles(packages, ledger))
  assertAllKnown(packages, ledger)
  const { applied, unknownFunctions, notes } = asApplied(packages, ledger)
  const target = { direction: 'up' as const, variables }
  const { rows, shared } = await appliedToShadow(shadow, 'migrate drift', applied, target, expectedRows)
  const schemas = [...new Set(rows.map(schemaOf)), ...shared]
  const skipped = await catalogueNames(client, unknownFunctions)
  const isCompared = ({ rank, name }: CatalogueRow): boolean => rank !== 60 || !skipped.includes(name)
  const expected = rows.filter((row) => isCompared(row) && !(row.rank === 10 && shared.includes(schemaOf(row))))
  const wanted = new Set(expected.map(({ rank, name }) => `${rank} ${name}`))
  const live = await catalogueRows(client, [...new Set(schemas)].map(unquoted))
  // In a schema that is not the packages' own, what they did not make is none of their business.
  const actual = live.filter(
    (row) =>
      isCompared(row) &&
      (!shared.includes(schemaOf(row)) || (row.rank !== 10 && wanted.has(`${row.rank} ${row.name}`))),
  )
  const expectedObjects = objectsOf(expected)
  const all = withoutAllowed(compareObjects(expectedObjects, objectsOf(actual)))
  // A partition that was detached is missing as a partition, and no unexpected table besides.
  const missing = new Set(all.filter(({ state }) => state === 'missing').map(({ object }) => object))
  const isDetached = ({ state, object }: Difference): boolean =>
    state === 'unexpected' && object.startsWith('table ') && missing.has(object.replace('table ', 'partition '))
  const differences = all.filter((difference) => !isDetached(difference))
  const detached = new Set(all.filter(isDetached).map(({ object }) => object.replace('table ', '')))
  const context = { expected: expectedObjects, detached, partitions: await livePartitions(client) }
  const findings = differences.map((difference) => findingOf(difference, mend(difference, context)))
  const interrupted = await interruptedIn(client, ledger)
  const halves = interrupted.map(
    (name) => `migration ${name} was interrupted: what is done of it shows as drift until it is finished`,
  )
  return {
    migrations: ledger.migrations.length,
    findings: inRunningOrder(findings),
    notes: [...notes, ...halves],
    interrupted,
  }
}

function findingOf(difference: Difference, how: Mend): DriftFinding {
  const { state, object, expected, actual } = difference
  return {
    state,
    object,
    ...(expected && { expected: state === 'missing' ? wholeOf(expected) : expected.definition }),
    ...(actual && { actual: state === 'unexpected' ? wholeOf(actual) : actual.definition }),
    diff: differenceLines(difference),
    mend: how,
  }
}

/** What the ledger says is applied. Of a function whose file is another by now, or gone, the old text is not known. */
function asApplied(packages: readonly MigrationPackage[], ledger: Ledger) {
  const ids = new Set(ledger.migrations.map(({ id }) => id))
  const applied = packages.map((pack) => ({
    ...pack,
    migrations: pack.migrations.filter(({ id }) => ids.has(id)),
    functions: pack.functions.filter(({ package: name, name: file }) =>
      ledger.functions.some((row) => row.package === name && row.file === file),
    ),
  }))
  const unknownFunctions = ledger.functions.filter((row) => {
    const file = applied
      .flatMap((pack) => pack.functions)
      .find(({ package: name, name: of }) => row.package === name && row.file === of)
    return file?.checksum !== row.checksum
  })
  const notes = unknownFunctions.map(
    (row) => `function ${row.package}/${row.file} was not compared: its file is not the one that was applied`,
  )
  return { applied, unknownFunctions, notes }
}

/** What the shadow holds, and which of its schemas the packages did not make alone. */
async function expectedRows(session: pg.ClientBase): Promise<{ rows: CatalogueRow[]; shared: string[] }> {
  const schemas = await schemasOf(session)
  const rows = await catalogueRows(
    session,
    schemas.map(({ name }) => name),
  )
  return { rows, shared: schemas.filter(({ isShared }) => isShared).map(({ quoted }) => quoted) }
}

/** Quoted, as the catalogue prints it. */
function schemaOf({ name }: CatalogueRow): string {
  return firstPart(name)
}

/** The catalogue's names of functions that the ledger knows by their signature. */
async function catalogueNames(client: pg.ClientBase, functions: readonly { signature: string }[]): Promise<string[]> {
  if (functions.length === 0) return []
  const { rows } = await client.query<{ name: string }>(
    `SELECT format('%I.%I(%s)', n.nspname, f.proname, pg_get_function_identity_arguments(f.oid)) AS name
       FROM unnest($1::text[]) AS signature JOIN pg_proc f ON f.oid = to_regprocedure(signature)
       JOIN pg_namespace n ON n.oid = f.pronamespace`,
    [functions.map(({ signature }) => signature)],
  )
  return rows.map(({ name }) => name)
}

async function interruptedIn(client: pg.ClientBase, { migrations }: Ledger): Promise<string[]> {
  const { rows } = await client.query<{ name: string }>('SELECT name FROM athena_migrations.attempts WHERE done > 0')
  const half = migrations.filter(({ undone }) => undone !== null).map(({ id }) => id)
  return [...new Set([...rows.map(({ name }) => name), ...half])]
}

/** @throws AthenaError `missing_file`: what such migrations made would pass for drift, to be dropped */
function assertAllKnown(packages: readonly MigrationPackage[], ledger: Ledger): void {
  const ids = new Set(packages.flatMap((pack) => pack.migrations.map(({ id }) => id)))
  const unknown = ledger.migrations.filter(({ id }) => !ids.has(id))
  if (unknown.length === 0) return
  throw new AthenaError({
    code: 'missing_file',
    message: 'migrations are applied here that this project does not have, so nothing can be compared with them',
    detail: unknown.map(({ id }) => id).join(', '),
    hint: `Install ${[...new Set(unknown.map(nameOf))].join(', ')}, or add it to "packages" in athena.config.json.`,
  })
}

function nameOf({ package: name, version }: AppliedMigration): string {
  return `${name}@${version}`
}
