import { AthenaError } from '@athena-pg/database'
import type { Setting } from '@athena-pg/policy'
import { didYouMean } from '../../command-line/did-you-mean.ts'
import { canBeWritten, saysSame } from './alter-system.ts'
import { autoConf } from './live-setting.ts'
import type { Look } from './look-at-server.ts'
import type { UndoRecord, Written } from './undo-record.ts'

export interface Choice {
  /** Settings by name; undefined: all. */
  readonly only: readonly string[] | undefined
  readonly skip: readonly string[]
  /** Leave out what needs a restart. */
  readonly reloadOnly: boolean
}

/** Settings of the recommendation that are to be written. @throws AthenaError `unknown_setting` */
export async function chosenSettings({ recommendation, settings, kept }: Look, choice: Choice): Promise<Setting[]> {
  const known = recommendation.settings.map(({ name }) => name)
  for (const name of [...(choice.only ?? []), ...choice.skip]) {
    if (known.includes(name)) continue
    throw new AthenaError({
      code: 'unknown_setting',
      message: `nothing is recommended for "${name}"`,
      hint: (await didYouMean(name, known)) ?? 'athena tune diff lists what is.',
      exit: 2,
    })
  }
  const named = recommendation.settings.filter(
    ({ name }) => choice.only?.includes(name) && kept.some((each) => each.name === name && each.unlessNamed),
  )
  return [...settings, ...named].filter(
    ({ name, takesEffect }) =>
      (choice.only?.includes(name) ?? true) &&
      !choice.skip.includes(name) &&
      !(choice.reloadOnly && takesEffect === 'restart'),
  )
}

/**
 * Changes of postgresql.auto.conf: what differs, and what an earlier apply set and is no longer recommended, which goes back to
 * what it was before that. What somebody else has set since stays.
 */
export function systemChanges(
  look: Look,
  chosen: readonly Setting[],
  records: readonly UndoRecord[],
  choice: Choice,
): Written[] {
  const present = autoConf(look.live.files ?? [])
  const different = new Set(
    look.comparison.differences.filter(({ state }) => state === 'different').map(({ name }) => name),
  )
  const kept = new Set(look.kept.map(({ name }) => name))
  const wanted = chosen.filter(({ name }) => different.has(name) || (kept.has(name) && choice.only?.includes(name)))
  const sets = wanted.map(({ name, value }) => ({ name, before: present.get(name) ?? null, after: value }))
  const recommended = new Set(look.recommendation.settings.map(({ name }) => name))
  const resets = ours(records)
    .filter(({ name, after }) => !recommended.has(name) && saysSame(name, present.get(name) ?? null, after))
    .filter(({ name }) => !choice.skip.includes(name) && choice.only === undefined && !isLeftOut(look, name, choice))
    .map(({ name, before }) => ({ name, before: present.get(name) ?? null, after: before }))
  return [...sets, ...resets].filter(({ name, before, after }) => !saysSame(name, before, after))
}

/** What our applies, newest first, set and did not take back: the oldest `before`, the newest `after`. */
function ours(records: readonly UndoRecord[]): Written[] {
  const found = new Map<string, Written>()
  for (const { state, changes } of records) {
    if (state !== 'done') continue
    for (const each of changes) {
      const newer = found.get(each.name)
      found.set(each.name, newer === undefined ? each : { ...newer, before: each.before })
    }
  }
  return [...found.values()].filter(({ after }) => after !== null)
}

function isLeftOut({ live }: Look, name: string, { reloadOnly }: Choice): boolean {
  return reloadOnly && live.settings.get(name)?.context === 'postmaster'
}

/** Values whose present entry could not be written back by ALTER SYSTEM, so that a rollback would not be one. */
export function withoutWayBack(changes: readonly Written[]): Written[] {
  return changes.filter(({ name, before }) => before !== null && !canBeWritten(name, before))
}
