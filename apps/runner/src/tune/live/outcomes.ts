import { type LiveSettings, lastEntry } from './live-setting.ts'
import { serverValue, waitsForRestart } from './server-value.ts'
import { isSame, shown } from './setting-value.ts'
import type { Written } from './undo-record.ts'

/** What became of a change after the reload. */
export interface Outcome {
  readonly name: string
  /** null: taken out of postgresql.auto.conf. */
  readonly value: string | null
  readonly state: 'in effect' | 'waits for restart' | 'overridden' | 'refused'
  readonly detail: string | null
}

/** @param live as a session sees it that began after the reload */
export function outcomesOf(changes: readonly Written[], live: LiveSettings): Outcome[] {
  return changes.map(({ name, after }) => ({ name, value: after, ...outcome(name, after, live) }))
}

function outcome(name: string, after: string | null, live: LiveSettings): Pick<Outcome, 'state' | 'detail'> {
  const found = serverValue(live, name)
  const isWaiting = found !== undefined && waitsForRestart(found)
  if (after === null) return { state: isWaiting ? 'waits for restart' : 'in effect', detail: null }
  const entry = lastEntry(live.files ?? [], name)
  if (entry === undefined) return { state: 'refused', detail: 'no file that the server reads has it' }
  if (!(found === undefined ? entry.setting === after : isSame(found.setting, entry.setting, after))) {
    return { state: 'overridden', detail: `${entry.file}:${entry.line} has ${entry.setting}` }
  }
  if (found === undefined) return { state: 'in effect', detail: 'of a library that is not loaded' }
  const now = shown(found.setting, found.value)
  if (found.isOverridden) return { state: 'overridden', detail: `the command line has ${now}` }
  if (entry.error !== null && !found.setting.pendingRestart) return { state: 'refused', detail: entry.error }
  if (isWaiting) return { state: 'waits for restart', detail: null }
  if (!entry.applied) return { state: 'refused', detail: `the server stays at ${now}` }
  // Some values the server writes in its own way, or computes: -1.
  return {
    state: 'in effect',
    detail: isSame(found.setting, found.value, after) ? null : `the server shows it as ${now}`,
  }
}
