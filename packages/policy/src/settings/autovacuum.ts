import { clamp, down } from '../rounding.ts'
import { sizeText } from '../text/size-text.ts'
import { GB, MB, minute } from '../units.ts'
import type { SettingRule } from './setting-rule.ts'

const vacuumPage = 'PostgreSQL: Vacuuming'

export const autovacuum: readonly SettingRule[] = [
  {
    name: 'autovacuum_max_workers',
    value({ cpus, memory }) {
      if (memory < GB) return 2
      if (cpus >= 32) return 6
      return cpus >= 16 ? 4 : undefined
    },
    reason: ({ cpus, memory }) =>
      memory < GB
        ? `Each takes autovacuum_work_mem, and there is ${sizeText(memory)} in all.`
        : `${cpus} cores, and every partition is a table of its own; they share one cost limit, which is raised too.`,
    source: { kind: 'rule of thumb', text: vacuumPage },
  },
  {
    name: 'autovacuum_work_mem',
    value: ({ memory }) => down(clamp(memory / 64, 8 * MB, 512 * MB), MB),
    reason: ({ memory }, get) =>
      `${sizeText(memory)} / 64, at most 512 MB. Said, since each of ${get.number('autovacuum_max_workers')} workers would otherwise take maintenance_work_mem, from PostgreSQL 17 on all of it.`,
    source: { kind: 'rule of thumb', text: 'PostgreSQL: Resource Consumption, autovacuum_work_mem' },
  },
  {
    name: 'autovacuum_vacuum_cost_limit',
    value({ storage }, get) {
      if (storage === 'hdd') return undefined
      return clamp(
        Math.round((get.number('autovacuum_max_workers') / 3) * (storage === 'nvme' ? 2000 : 1000)),
        1000,
        10_000,
      )
    },
    reason: (_, get) =>
      `Shared by ${get.number('autovacuum_max_workers')} workers. The default, 200, was chosen for spinning disks, and vacuum of an HNSW index reads and writes much.`,
    source: { kind: 'rule of thumb', text: `${vacuumPage}, autovacuum_vacuum_cost_limit` },
  },
  {
    name: 'autovacuum_vacuum_scale_factor',
    value: ({ workload }) => (workload.kind === 'dw' || workload.kind === 'desktop' ? undefined : 0.1),
    reason: () =>
      'Earlier than at a fifth of the rows: less to do each time, fewer dead rows in between. The largest tables have values of their own.',
    source: { kind: 'rule of thumb', text: `${vacuumPage}, autovacuum_vacuum_scale_factor` },
  },
  {
    name: 'autovacuum_analyze_scale_factor',
    value: ({ workload }) => (workload.kind === 'desktop' ? undefined : 0.05),
    reason: () =>
      'The default waits for a tenth of the rows to change, by which time the estimates of a growing store are off.',
    source: { kind: 'rule of thumb', text: `${vacuumPage}, autovacuum_analyze_scale_factor` },
  },
  {
    name: 'vacuum_buffer_usage_limit',
    value(_, get) {
      const limit = down(clamp(get.number('shared_buffers') / 64, 0, 64 * MB), MB)
      return limit > 2 * MB ? limit : undefined
    },
    reason: (_, get) =>
      `shared_buffers / 64, at most 64 MB, that is ${sizeText(get.number('vacuum_buffer_usage_limit'))}: with the default of 2 MB (256 kB in 16) vacuum writes its own pages out again and again.`,
    source: { kind: 'documentation', text: 'PostgreSQL: Resource Consumption, vacuum_buffer_usage_limit' },
  },
  {
    name: 'log_autovacuum_min_duration',
    value: () => minute,
    reason: () => 'The default reports only runs of ten minutes and more.',
    source: { kind: 'documentation', text: `${vacuumPage}, log_autovacuum_min_duration` },
  },
]
