import type { MemoryBudget, Setting } from '@athena-pg/policy'
import { asTable } from '../../show/as-table.ts'
import { gigabytes } from '../../show/gigabytes.ts'
import type { Difference } from './compare-settings.ts'
import { fewerConnections } from './fewer-connections.ts'
import { faultsIn } from './live-setting.ts'
import type { Look } from './look-at-server.ts'
import { overLimit } from './over-limit.ts'
import { visible } from './visible.ts'

/** What differs, most important first, and the worst case of memory before and after. */
export function diffLines(look: Look): string[] {
  const { differences, same } = look.comparison
  const changed = changedBy(look)
  const head =
    differences.length === 0
      ? [`all ${same.length} settings are as recommended`]
      : [
          ...asTable(['setting', 'current', 'from', 'recommended', 'takes effect'], differences.map(row)),
          '',
          `${differences.length} of ${differences.length + same.length} settings differ`,
        ]
  return [...head, memoryLine(look.before, changed.length === 0 ? undefined : look.after(changed))]
}

/** What a reader must know beside the table. */
export function diffNotes({ comparison, kept, live, server }: Look): string[] {
  const overridden = comparison.differences.filter(({ state }) => state === 'overridden').map(({ name }) => name)
  return [
    ...(overridden.length === 0
      ? []
      : [
          `${overridden.join(', ')}: set on the command line of the server (docker command, systemd unit), which beats every file: change it there`,
        ]),
    ...comparison.sessions.map(
      ({ name, setting, by }) => `${name}: ${by} SET ${name} = ${setting} beats it for those sessions`,
    ),
    ...kept.map(({ name, recommended, why }) => `${name}: kept, not ${recommended}: ${why}`),
    ...(comparison.unreadable.length === 0
      ? []
      : [
          `not visible to this role: ${comparison.unreadable.join(', ')} (GRANT pg_read_all_settings TO ${server.user})`,
        ]),
    ...live.notes,
  ]
}

/** What makes following the recommendation a risk. */
export function diffWarnings(look: Look): string[] {
  const changed = changedBy(look)
  return [
    ...faultsIn(look.live).map(
      ({ file, line, error }) => `${file}:${line}: ${error}: with this fault the server takes no change`,
    ),
    ...fewerConnections(look.live, look.held, changed),
    ...(changed.length === 0 ? [] : overLimit(look.after(changed))),
  ]
}

/** Settings that an apply would change. */
export function changedBy({ comparison, settings }: Look): Setting[] {
  const names = new Set(comparison.differences.filter(isChangeable).map(({ name }) => name))
  return settings.filter(({ name }) => names.has(name))
}

export function isChangeable({ state }: Difference): boolean {
  return state !== 'overridden'
}

function row({ name, state, current, origin, recommended, takesEffect }: Difference): string[] {
  const effect = takesEffect === 'session' ? 'new sessions' : takesEffect
  const when =
    state === 'written' ? `written, waits for ${takesEffect}` : state === 'overridden' ? 'overridden' : effect
  return [name, current ?? '-', origin.replace(/^.*\//, ''), recommended, when].map(visible)
}

export function memoryLine(before: MemoryBudget, after: MemoryBudget | undefined): string {
  const share = ({ worstCase, limit }: MemoryBudget): string =>
    `${gigabytes(worstCase)} (${Math.round((worstCase / limit) * 100)} %)`
  const then = after === undefined ? '' : `, then ${share(after)}`
  return `memory at worst: now ${share(before)}${then} of ${gigabytes(before.limit)}`
}
