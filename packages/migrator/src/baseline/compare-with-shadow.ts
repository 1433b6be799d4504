import { AthenaError } from '@athena-pg/database'
import type pg from 'pg'
import { compareObjects, type Difference, type Objects } from '../catalogue/compare-objects.ts'
import { snapshot } from '../catalogue/snapshot.ts'
import type { MigrationPackage } from '../discover.ts'
import { appliedToShadow } from '../shadow/applied-to-shadow.ts'
import type { ShadowOptions } from '../shadow/shadow.ts'

/** What migrations make of an empty database. */
export interface Expected {
  objects: Objects
  extensions: readonly string[]
}

export interface Found {
  /** What is missing or another: while there is one, the migrations do not count as applied. */
  differences: readonly Difference[]
  /** What else a person should know, one sentence each. */
  notes: readonly string[]
}

/**
 * @param ids ledger names of the migrations to run there, without functions
 * @throws AthenaError `shadow_failed`, and what making a shadow throws
 */
export async function expectedOn(
  options: ShadowOptions,
  packages: readonly MigrationPackage[],
  ids: readonly string[],
  variables: Readonly<Record<string, string>>,
): Promise<Expected> {
  const target = { direction: 'up' as const, these: ids, variables }
  return appliedToShadow(options, 'migrate baseline', packages, target, async (client) => {
    const { objects } = await snapshot(client)
    return { objects, extensions: await extensionsOf(client) }
  })
}

/** Reads only. What is there besides is no difference, a comment neither. */
export async function compareWithShadow(client: pg.ClientBase, expected: Expected): Promise<Found> {
  const { objects } = await snapshot(client)
  const all = compareObjects(expected.objects, objects)
  const isComment = ({ expected: one, actual: other }: Difference) => (one ?? other)?.kind === 'comment'
  const owned = all.filter(({ state, actual }) => state === 'unexpected' && actual.of !== undefined)
  const besides = owned.filter((each) => !isComment(each)).map(({ object }) => object)
  const comments = all.filter((each) => each.state !== 'unexpected' && isComment(each)).length
  const there = await extensionsOf(client)
  return {
    differences: [
      ...expected.extensions.filter((name) => !there.includes(name)).map(missingExtension),
      ...all.filter((each) => (each.state !== 'unexpected' && !isComment(each)) || isUnlikeItsParent(each)),
    ],
    notes: [
      ...(besides.length === 0 ? [] : [`not made by these migrations, and left alone: ${besides.join(', ')}`]),
      ...(comments === 0 ? [] : [`${comments} comments are missing or read otherwise`]),
    ],
  }
}

/** @throws AthenaError `baseline_differs` */
export function assertThere({ differences }: Pick<Found, 'differences'>): void {
  if (differences.length > 0) throw baselineDiffers(differences)
}

/** A partition without an index that its parent has, say. */
function isUnlikeItsParent({ actual }: Difference): boolean {
  return actual?.kind === 'partition differs'
}

const shown = 20

export function baselineDiffers(differences: readonly Difference[]): AthenaError {
  const lines = differences.slice(0, shown).map(({ state, object }) => `${state}: ${object}`)
  const more = differences.length - lines.length
  return new AthenaError({
    code: 'baseline_differs',
    message: 'what these migrations make is not all here',
    detail: [...lines, ...(more > 0 ? [`and ${more} more`] : [])].join('\n'),
    hint: 'Record only what is here (--to MIGRATION, or --set for another value of a variable), or make the database so, then again. How they differ: athena migrate baseline --dry-run. What is not here at all is applied by athena migrate up. Nothing was recorded.',
  })
}

async function extensionsOf(client: pg.ClientBase): Promise<string[]> {
  const { rows } = await client.query<{ name: string }>('SELECT extname AS name FROM pg_extension ORDER BY 1')
  return rows.map(({ name }) => name)
}

function missingExtension(name: string): Difference {
  const object = `extension ${name}`
  // No object of the catalogue's, whose schemas it may be made in.
  return { state: 'missing', object, expected: { kind: 'schema', name, definition: `CREATE EXTENSION ${name};` } }
}
