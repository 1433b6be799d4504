import { defaultOf } from '../catalogue/entry-of.ts'
import type { ServerFacts } from '../facts/server-facts.ts'
import type { SettingValue } from '../settings/setting-rule.ts'
import { sizeText } from '../text/size-text.ts'
import { MB } from '../units.ts'

/** What no server with these facts may have. */
export interface Violation {
  /** snake_case noun phrase. */
  readonly code: string
  /** The settings, with their values. */
  readonly message: string
  /** What to change. */
  readonly hint: string
}

/** Memory in bytes, times in milliseconds; a setting that is not there has the default of the version. */
export type Amounts = readonly { readonly name: string; readonly amount: SettingValue }[]

/** Rules between settings that PostgreSQL lets pass, or only refuses at a start: none of ours may break one. */
export function violations(settings: Amounts, facts: ServerFacts): Violation[] {
  const given = new Map(settings.map(({ name, amount }) => [name, amount]))
  const value = (name: string): SettingValue | undefined => given.get(name) ?? defaultOf(facts.postgres.version, name)
  /** NaN where the version does not have the setting: then no comparison holds. */
  const number = (name: string): number => Number(value(name) ?? Number.NaN)
  const found: Violation[] = []
  const report = (code: string, message: string, hint: string): void => void found.push({ code, message, hint })
  const size = (name: string): string => `${name} ${sizeText(number(name))}`
  const count = (name: string): string => `${name} ${number(name)}`

  /** Each has to be at most the next. */
  function order(code: string, less: string, more: string, show: typeof size): void {
    if (number(less) > number(more))
      report(code, `${show(less)} is more than ${show(more)}`, `Lower ${less} to ${more}.`)
  }
  order('wal_sizes_reversed', 'min_wal_size', 'max_wal_size', size)
  order('autovacuum_slots_exceeded', 'autovacuum_max_workers', 'autovacuum_worker_slots', count)
  order('io_combine_limit_exceeded', 'io_combine_limit', 'io_max_combine_limit', size)
  order('worker_processes_exceeded', 'max_parallel_workers', 'max_worker_processes', count)
  order('parallel_workers_exceeded', 'max_parallel_workers_per_gather', 'max_parallel_workers', count)
  order('parallel_workers_exceeded', 'max_parallel_maintenance_workers', 'max_parallel_workers', count)

  if (number('max_wal_size') < 2 * segment)
    report('wal_size_too_small', `${size('max_wal_size')} is less than two segments`, 'At least 32 MB.')
  if (number('shared_buffers') >= facts.memory)
    report(
      'shared_buffers_exceed_memory',
      `${size('shared_buffers')} of ${sizeText(facts.memory)} of memory`,
      'A quarter of the memory is where to begin.',
    )
  if (value('huge_pages') === 'on' && !facts.hugePages)
    report(
      'huge_pages_missing',
      'huge_pages is on, and the host has none set aside',
      'huge_pages = try starts without.',
    )

  const reserved = number('superuser_reserved_connections') + (number('reserved_connections') || 0)
  if (reserved >= number('max_connections'))
    report(
      'connections_all_reserved',
      `${reserved} connections are reserved, and ${count('max_connections')}`,
      'Raise max_connections.',
    )

  const { replicas, pitr } = facts.workload
  // A base backup takes two senders, beside one for each replica.
  if (number('max_wal_senders') < replicas + 2 || number('max_replication_slots') < replicas)
    report(
      'too_few_wal_senders',
      `${count('max_wal_senders')} and ${count('max_replication_slots')} for ${replicas} replicas and a base backup`,
      `At least ${replicas + 2} and ${replicas}.`,
    )
  const archives = pitr || replicas > 0 || number('max_wal_senders') > 0 || (value('archive_mode') ?? 'off') !== 'off'
  if (value('wal_level') === 'minimal' && archives)
    report(
      'wal_level_minimal',
      'wal_level is minimal, which no replica, backup or archive can use',
      'wal_level = replica',
    )

  const { walDisk } = facts
  if (walDisk !== undefined) {
    // Slots keep what they need beside the segments that checkpoints still need.
    const kept = Math.max(number('max_slot_wal_keep_size'), number('wal_keep_size'), 0)
    const most = number('max_wal_size') + kept
    const unlimited = number('max_slot_wal_keep_size') < 0
    if (most > walDisk || (unlimited && replicas > 0))
      report(
        'wal_exceeds_disk',
        `${size('max_wal_size')} and ${unlimited ? 'all that slots keep' : sizeText(kept)} on a disk of ${sizeText(walDisk)}`,
        'Lower max_wal_size and max_slot_wal_keep_size.',
      )
  }
  return found
}

const segment: number = 16 * MB
