import { AthenaError } from '@athena-pg/database'
import type { Setting } from '@athena-pg/policy'
import type pg from 'pg'
import type { Context } from '../../context.ts'
import type { applyOptions } from './apply-options.ts'
import type { ApplyPlan } from './apply-plan.ts'
import { assertRewritable } from './assert-rewritable.ts'
import { assertRights } from './assert-rights.ts'
import { type Choice, chosenSettings, systemChanges, withoutWayBack } from './choose-changes.ts'
import { assertOurFile, includePath, includeText, isWritten, linesOf, namesLost, readIfThere } from './include-file.ts'
import type { Look } from './look-at-server.ts'
import { overLimit } from './over-limit.ts'
import { preflight } from './preflight.ts'
import { proveRestart } from './prove-restart.ts'
import { diffNotes } from './show-diff.ts'
import { unapplied } from './unapplied.ts'
import type { UndoRecord } from './undo-record.ts'

export type PlanContext = Pick<Context<typeof applyOptions>, 'options' | 'env' | 'cwd' | 'talk'>

/**
 * What is to be written, after everything that can be checked beforehand; only reads.
 * @param records of earlier applies on this server, newest first
 * @param at stamp of the apply
 */
export async function makePlan(
  context: PlanContext,
  client: pg.ClientBase,
  look: Look,
  location: string,
  records: readonly UndoRecord[],
  at: string,
): Promise<ApplyPlan> {
  const { options } = context
  const choice: Choice = {
    only: options.only === undefined ? undefined : names(options.only),
    skip: options.skip === undefined ? [] : names(options.skip),
    reloadOnly: options['reload-only'] ?? false,
  }
  const chosen = await chosenSettings(look, choice)
  const path = options['include-file'] === undefined ? undefined : includePath(options['include-file'])
  const file = path === undefined ? undefined : includeFile(path, look, chosen, at)
  if (file !== undefined) assertOurFile(file.path, file.before)
  const changes =
    file === undefined
      ? systemChanges(look, chosen, records, choice)
      : isWritten(file.before, file.after, look.live.files)
        ? []
        : chosen.map(({ name, value }) => ({ name, before: null, after: value }))
  const changed = new Set(changes.map(({ name }) => name))
  await assertRights(client, look.server, [...changed], file === undefined)
  if (file === undefined && changes.length > 0) assertRewritable(look.live.files ?? [])
  assertWayBack(changes)
  const settings = chosen.filter(({ name }) => changed.has(name))
  const { warnings, unchecked } = await preflight(client, look.live, look.held, settings)
  const proof = await restartProof(context, look, settings)
  const after = look.after(settings)
  const lost = file === undefined ? [] : namesLost(file.before, file.after)
  const others = unapplied(look.live, changed)
  return {
    location,
    changes,
    settings,
    file,
    before: look.before,
    after,
    warnings: [
      ...warnings,
      ...(changes.length === 0 ? [] : overLimit(after)),
      ...(lost.length === 0 ? [] : [`the file will not have any more: ${lost.join(', ')}`]),
      ...others.map((each) => `the reload also brings into effect what somebody else wrote: ${each}`),
    ],
    unchecked: [...unchecked, ...proof],
    notes: diffNotes(look),
  }
}

function includeFile(
  path: string,
  { kept }: Look,
  chosen: readonly Setting[],
  at: string,
): NonNullable<ApplyPlan['file']> {
  const before = readIfThere(path)
  const written = new Set(chosen.map(({ name }) => name))
  const names = kept.map(({ name }) => name).filter((name) => !written.has(name))
  return { path, before, after: includeText(chosen, at, linesOf(before, names)) }
}

function names(given: string): string[] {
  const all = given.split(',').map((name) => name.trim().toLowerCase())
  return all.filter((name) => name !== '')
}

/** @returns what could not be looked at @throws AthenaError `restart_refused` */
async function restartProof(context: PlanContext, look: Look, written: readonly Setting[]): Promise<string[]> {
  if (!written.some(({ takesEffect }) => takesEffect === 'restart')) return []
  const by = await proveRestart(context, look.server.version, look.live, written)
  if (by === undefined) {
    return ['whether the server starts with these values together: no PostgreSQL of its version is here to ask']
  }
  context.talk(`${by} would start with the values that need a restart`)
  return []
}

function assertWayBack(changes: ApplyPlan['changes']): void {
  const wrong = withoutWayBack(changes)
  if (wrong.length === 0) return
  throw new AthenaError({
    code: 'no_way_back',
    message: 'a present value could not be brought back by ALTER SYSTEM',
    detail: wrong.map(({ name, before }) => `${name} = '${before}' in postgresql.auto.conf`).join('\n'),
    hint: `ALTER SYSTEM RESET it yourself, or --skip ${wrong.map(({ name }) => name).join(',')}. Nothing was changed.`,
  })
}
