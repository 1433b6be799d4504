import type { ServerFacts } from '../facts/server-facts.ts'
import { clamp, down } from '../rounding.ts'
import { sizeText } from '../text/size-text.ts'
import { day, GB, kB, MB, minute } from '../units.ts'
import type { Get, SettingRule } from './setting-rule.ts'

const walPage = 'PostgreSQL: Write Ahead Log'

/**
 * WAL of one new memory in bytes: the row, its keys and full text, its way into the graph, and full-page images.
 * Measured, see docs/decisions/2026-11-24-tuning-policy.md.
 */
const walPerMemory: number = 32 * kB

/** What all rules below may take together of the disk that pg_wal is on. */
function walBudget({ walDisk }: ServerFacts): number | undefined {
  return walDisk === undefined ? undefined : walDisk / 2
}

// Growth comes in bursts: a tenth of the day's rows within one checkpoint's time.
function burst({ workload }: ServerFacts, get: Get): number {
  const share = Math.max(0.1, get.number('checkpoint_timeout') / day)
  return (workload.growth ?? 0) * share * walPerMemory
}

function wanted(facts: ServerFacts, get: Get): number {
  return Math.max(2 * burst(facts, get), clamp(get.number('shared_buffers'), GB, 16 * GB))
}

export const writeAheadLog: readonly SettingRule[] = [
  {
    name: 'wal_compression',
    value({ postgres }) {
      if (postgres.version === 14) return true
      return postgres.capabilities.walCompression.includes('lz4') ? 'lz4' : 'pglz'
    },
    reason: ({ postgres }) =>
      postgres.version === 14 || postgres.capabilities.walCompression.includes('lz4')
        ? 'Full-page images, most of the log after a checkpoint, get smaller for little CPU.'
        : 'Full-page images, most of the log after a checkpoint, get smaller; with a build that is known to have it, lz4 would cost less CPU.',
    source: { kind: 'documentation', text: `${walPage}, wal_compression` },
  },
  {
    name: 'checkpoint_timeout',
    value: ({ workload }) => (workload.kind === 'desktop' ? undefined : 15 * minute),
    reason: () =>
      'A third of the full-page images of the default 5 min; a crash then replays at most a quarter of an hour.',
    source: {
      kind: 'rule of thumb',
      text: `${walPage}, checkpoint_timeout; longer for vectors since every row writes many pages`,
    },
  },
  {
    name: 'max_wal_size',
    value(facts, get) {
      const most = walBudget(facts)
      return Math.max(down(Math.min(wanted(facts, get), most === undefined ? 64 * GB : most / 2), 64 * MB), 256 * MB)
    },
    reason(facts, get) {
      const growth = facts.workload.growth
      const need =
        growth === undefined
          ? `As large as shared_buffers, within 1 to 16 GB: room to load vectors and build an index without an early checkpoint`
          : `Twice a tenth of ${growth} memories a day x ${sizeText(walPerMemory)}, at least 1 GB and shared_buffers up to 16 GB`
      const cut = facts.walDisk === undefined ? '.' : `; at most a quarter of the disk of ${sizeText(facts.walDisk)}.`
      return `${need}${cut} A soft limit: ${sizeText(get.number('max_wal_size'))} is not the most that pg_wal can take.`
    },
    source: { kind: 'rule of thumb', text: `${walPage}, max_wal_size` },
  },
  {
    name: 'min_wal_size',
    value: (_, get) => Math.max(down(Math.min(get.number('max_wal_size') / 4, 4 * GB), 16 * MB), 64 * MB),
    reason: () =>
      'A quarter of max_wal_size, at most 4 GB: segments are used again rather than made new after every quiet spell.',
    source: { kind: 'rule of thumb', text: `${walPage}, min_wal_size` },
  },
  {
    name: 'archive_mode',
    value: ({ workload }) => (workload.pitr ? 'on' : undefined),
    reason: () => 'Point-in-time recovery was asked for.',
    source: { kind: 'documentation', text: 'PostgreSQL: Continuous Archiving' },
  },
  {
    name: 'archive_command',
    value: ({ workload }) => (workload.pitr ? 'pgbackrest --stanza=athena archive-push %p' : undefined),
    reason: () =>
      'pgBackRest has to be set up first (stanza-create, then check): while this command fails, WAL piles up and nothing is lost.',
    source: { kind: 'documentation', text: 'pgBackRest: User Guide, Configure Archiving' },
  },
  {
    name: 'archive_timeout',
    value: ({ workload }) => (workload.pitr ? 5 * minute : undefined),
    reason: () =>
      'On a quiet server a segment of 16 MB may take hours to fill; this bounds what a lost disk loses to 5 minutes.',
    source: { kind: 'documentation', text: `${walPage}, archive_timeout` },
  },
  {
    name: 'summarize_wal',
    value: ({ workload }) => (workload.pitr ? true : undefined),
    reason: () => 'Incremental base backups (pg_basebackup --incremental) need the summaries.',
    source: { kind: 'documentation', text: `${walPage}, summarize_wal` },
  },
]
