import { AthenaError, type Database } from '@athena-pg/database'
import type pg from 'pg'
import { apply } from '../apply.ts'
import { compareObjects } from '../catalogue/compare-objects.ts'
import { type Snapshot, snapshot } from '../catalogue/snapshot.ts'
import type { MigrationPackage } from '../discover.ts'
import type { MigrationFile } from '../package-files.ts'
import { plan } from '../plan.ts'
import { readMigration } from '../source.ts'
import { timelineOf } from '../timeline.ts'
import type { TracedStatement } from './lock-modes.ts'
import { applyTraced } from './trace-locks.ts'
import type { VerifyFinding, VerifyOptions } from './verify.ts'

export interface Irreversible {
  /** `package/file` */
  migration: string
  /** As the file says. */
  reason: string
}

export interface Steps {
  tried: number
  findings: VerifyFinding[]
  irreversible: Irreversible[]
  notes: string[]
  statements: TracedStatement[]
  /** The last migration with no way back, and the state after it. */
  lowest?: { id: string; migration: string; snapshot: Snapshot }
}

/** Each migration up, down, and up again. It ends with all of them applied, unless one could not be. */
export async function verifySteps(
  shadow: Database,
  client: pg.Client,
  packages: readonly MigrationPackage[],
  { variables, trying }: VerifyOptions,
): Promise<Steps> {
  // Functions come after all migrations, so a single one is tried without them.
  const bare = packages.map((pack) => ({ ...pack, functions: [] }))
  const timeline = timelineOf(packages)
  const steps: Steps = { tried: 0, findings: [], irreversible: [], notes: [], statements: [] }
  const up = (file: MigrationFile) => plan(client, bare, { direction: 'up', to: file.id, variables })
  let before = await snapshot(client)
  for (const [index, file] of timeline.entries()) {
    const migration = `${file.package}/${file.name}`
    trying?.(migration, index + 1, timeline.length)
    steps.statements.push(...(await applyTraced(shadow, await up(file))))
    steps.tried += 1
    const after = await snapshot(client)
    const found = (code: VerifyFinding['code'], message: string, more: Partial<VerifyFinding>): void => {
      steps.findings.push({ code, migration, path: file.path, message, differences: [], ...more })
    }
    const { irreversible } = readMigration(file.text, file.path).directives
    if (irreversible !== undefined) steps.irreversible.push({ migration, reason: irreversible })
    const outcome = irreversible === undefined ? await backAndForth() : 'stays'
    if (outcome === 'stopped') {
      const left = timeline.length - steps.tried
      if (left > 0) steps.notes.push(`${left} migrations after ${migration} were not tried`)
      return steps
    }
    if (outcome === 'stays') steps.lowest = { id: file.id, migration, snapshot: after }
    before = after

    async function backAndForth(): Promise<'done' | 'stays' | 'stopped'> {
      const failure = await failureOf(async () =>
        apply(shadow, await plan(client, bare, { direction: 'down', steps: 1, variables })),
      )
      if (failure !== undefined) {
        found('down_failed', `${migration} does not go down`, { detail: failure.detail ?? failure.message })
        return readMigration(file.text, file.path).directives.noTransaction ? 'stopped' : 'stays'
      }
      const different = compareObjects(before.objects, (await snapshot(client)).objects)
      // A comment that stays hurts nobody, and goes with what it is about.
      const left = different.filter(({ state, actual }) => !(state === 'unexpected' && actual.kind === 'comment'))
      if (left.length < different.length) steps.notes.push(`${migration} leaves comments behind when it goes down`)
      if (left.length > 0)
        found('down_leaves_changes', `the Down section of ${migration} is wrong`, { differences: left })
      const again = await failureOf(async () => apply(shadow, await up(file)))
      if (again !== undefined) {
        found('up_again_failed', `${migration} does not go up again after it went down`, {
          detail: again.detail ?? again.message,
        })
        return 'stopped'
      }
      const changed = compareObjects(after.objects, (await snapshot(client)).objects)
      if (changed.length > 0) {
        found('up_again_differs', `${migration} makes something else the second time`, { differences: changed })
      }
      return 'done'
    }
  }
  return steps
}

async function failureOf(work: () => Promise<unknown>): Promise<AthenaError | undefined> {
  try {
    await work()
    return undefined
  } catch (error) {
    if (error instanceof AthenaError) return error
    throw error
  }
}
