import { down } from '../rounding.ts'
import { sizeText } from '../text/size-text.ts'
import { GB, MB } from '../units.ts'
import type { SettingRule } from './setting-rule.ts'

const replicationPage = 'PostgreSQL: Replication'

export const replication: readonly SettingRule[] = [
  {
    name: 'max_wal_senders',
    value({ workload, memory }) {
      if (memory < GB) return 2 * workload.replicas + 3
      return workload.replicas > 3 ? 2 * workload.replicas + 4 : undefined
    },
    reason: ({ workload }) =>
      `Two for each of ${workload.replicas} replicas (one may reconnect before the old one is given up), and some for a base backup.`,
    source: { kind: 'rule of thumb', text: `${replicationPage}, max_wal_senders` },
  },
  {
    name: 'max_replication_slots',
    value: ({ workload }) => (workload.replicas > 3 ? 2 * workload.replicas + 4 : undefined),
    reason: (_, get) => `As many as max_wal_senders, ${get.number('max_wal_senders')}: each has a slot.`,
    source: { kind: 'rule of thumb', text: `${replicationPage}, max_replication_slots` },
  },
  {
    name: 'max_slot_wal_keep_size',
    value({ walDisk }, get) {
      const most = walDisk === undefined ? 4 * get.number('max_wal_size') : walDisk / 4
      return Math.max(down(Math.min(most, 256 * GB), 64 * MB), 256 * MB)
    },
    reason: ({ walDisk }) =>
      walDisk === undefined
        ? 'Four times max_wal_size: a replica that never comes back costs that much disk, and not all of it.'
        : `A quarter of the disk of ${sizeText(walDisk)}: a replica that never comes back costs that much, and not all of it.`,
    source: {
      kind: 'documentation',
      text: `${replicationPage}, max_slot_wal_keep_size; the default keeps WAL until the disk is full`,
    },
  },
  {
    name: 'hot_standby_feedback',
    value: ({ workload }) => (workload.replicas > 0 ? true : undefined),
    reason: () => 'A long search on a replica holds back vacuum for its time rather than being cancelled.',
    source: { kind: 'documentation', text: `${replicationPage}, hot_standby_feedback` },
  },
  {
    name: 'wal_log_hints',
    value: ({ workload, postgres }) => (workload.replicas > 0 && postgres.version < 18 ? true : undefined),
    reason: () =>
      'pg_rewind brings a failed primary back without copying everything; it needs this, or checksums, which initdb sets from 18 on.',
    source: { kind: 'documentation', text: 'PostgreSQL: pg_rewind' },
  },
  {
    name: 'log_replication_commands',
    value: ({ workload }) => (workload.replicas > 0 ? true : undefined),
    reason: () => 'When a replica came and went is the first question after a failover.',
    source: { kind: 'documentation', text: 'PostgreSQL: Error Reporting and Logging' },
  },
]
