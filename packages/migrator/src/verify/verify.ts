import type { Database } from '@athena-pg/database'
import { apply } from '../apply.ts'
import { compareObjects, type Difference } from '../catalogue/compare-objects.ts'
import { type Snapshot, snapshot } from '../catalogue/snapshot.ts'
import type { MigrationPackage } from '../discover.ts'
import { plan } from '../plan.ts'
import type { TracedStatement } from './lock-modes.ts'
import { type Irreversible, verifySteps } from './verify-steps.ts'

export { type Difference, differenceLines } from '../catalogue/compare-objects.ts'
export { type ShadowOptions, withShadow } from '../shadow/shadow.ts'
export { ledgerAndVariables } from '../shadow/shadow-variables.ts'
export type { LockMode, TracedLock, TracedStatement } from './lock-modes.ts'
export { type ReleasedChange, releasedChanges, releasedFile, releasedOf } from './released.ts'
export type { Irreversible } from './verify-steps.ts'

export interface VerifyOptions {
  /** Values of variables, as for `plan`. */
  variables?: Readonly<Record<string, string>> | undefined
  /** Told before each migration is tried. */
  trying?: ((migration: string, number: number, of: number) => void) | undefined
}

/** What is wrong with the way up or down. */
export interface VerifyFinding {
  code: 'down_failed' | 'down_leaves_changes' | 'up_again_failed' | 'up_again_differs'
  /** `package/file`; undefined: of the whole way, not of one migration. */
  migration?: string
  /** The file, from the working folder. */
  path?: string
  message: string
  /** Of an error: file, line, column, and what PostgreSQL said. */
  detail?: string
  differences: readonly Difference[]
}

export interface Verification {
  /** Migrations that were tried. */
  migrations: number
  functions: number
  findings: readonly VerifyFinding[]
  irreversible: readonly Irreversible[]
  /** What could not be tried, and why, one sentence each. */
  notes: readonly string[]
  /** On a server: what each statement locked on its way up. */
  statements: readonly TracedStatement[]
}

/**
 * Tries packages on an empty database, which is not empty afterwards: each migration up, down and up again; then everything with
 * its functions, down to nothing and up again. Each time the catalogue must be what it was.
 *
 * @param shadow empty, and nobody else's
 * @throws AthenaError what `plan` and a first `apply` throw: a migration that does not go up has no way down to look at
 */
export async function verify(
  shadow: Database,
  packages: readonly MigrationPackage[],
  options: VerifyOptions = {},
): Promise<Verification> {
  const client = await shadow.open('migrate verify')
  try {
    const empty = await snapshot(client)
    const steps = await verifySteps(shadow, client, packages, options)
    const notes = [...steps.notes]
    let { findings } = steps
    if (findings.length === 0) findings = await verifyWhole(shadow, client, packages, options, empty, steps.lowest)
    else notes.push('the way down to nothing and up again was not tried: it fails for the same reasons')
    if (steps.lowest !== undefined && findings.length === 0)
      notes.push(`nothing below ${steps.lowest.migration} was taken back, as it has no way down`)
    return {
      migrations: steps.tried,
      functions: packages.flatMap((pack) => pack.functions).length,
      findings,
      irreversible: steps.irreversible,
      notes,
      statements: steps.statements,
    }
  } finally {
    await client.end().catch(() => undefined)
  }
}

/** Below `lowest` there is no way back. */
async function verifyWhole(
  shadow: Database,
  client: Parameters<typeof snapshot>[0],
  packages: readonly MigrationPackage[],
  { variables }: VerifyOptions,
  empty: Snapshot,
  lowest: { id: string; migration: string; snapshot: Snapshot } | undefined,
): Promise<VerifyFinding[]> {
  const go = async (direction: 'up' | 'down', which: readonly MigrationPackage[], to?: string): Promise<Snapshot> => {
    await apply(shadow, await plan(client, which, { direction, to, variables }))
    return snapshot(client)
  }
  const first = await go('up', packages)
  // Functions of packages that stay would be put back; here only what migrations made is looked at.
  const bare = packages.map((pack) => ({ ...pack, functions: [] }))
  const bottom = await (lowest === undefined ? go('down', packages, 'zero') : go('down', bare, lowest.id))
  const again = await go('up', packages)
  const ground = lowest === undefined ? 'an empty database' : `the state after ${lowest.migration}`
  return [
    ...findingOf(
      'down_leaves_changes',
      `going down does not lead back to ${ground}`,
      lowest?.snapshot ?? empty,
      bottom,
    ),
    ...findingOf('up_again_differs', 'going down and up again does not give the same catalogue', first, again),
  ]
}

function findingOf(
  code: VerifyFinding['code'],
  message: string,
  expected: Snapshot,
  actual: Snapshot,
): VerifyFinding[] {
  const differences = compareObjects(expected.objects, actual.objects)
  if (differences.length > 0) return [{ code, message, differences }]
  if (code !== 'up_again_differs' || expected.text === actual.text) return []
  return [{ code, message, detail: 'The columns of a table stand in another order.', differences }]
}
