import { clamp } from '../rounding.ts'
import { sizeText } from '../text/size-text.ts'
import { GB, MB } from '../units.ts'
import { affectedByParallelBuild } from '../vectors/pgvector-faults.ts'
import type { SettingRule } from './setting-rule.ts'

const asynchronousPage = 'PostgreSQL: Resource Consumption, Asynchronous Behavior'
const analytical = new Set(['dw', 'mixed'])

/** A container of 1 GB on a host of 64 cores, without a quota, has no memory for 64 workers. */
const memoryPerWorker: number = 256 * MB

export const parallelism: readonly SettingRule[] = [
  {
    name: 'max_worker_processes',
    value: ({ memory }, get) => Math.max(get.number('max_parallel_workers') + 4, memory < GB ? 4 : 8),
    reason: (_, get) =>
      `max_parallel_workers ${get.number('max_parallel_workers')}, and four for extensions and logical replication, at least 8 (4 below 1 GB).`,
    source: { kind: 'rule of thumb', text: 'parallel queries must not starve pg_cron and the like' },
  },
  {
    name: 'max_parallel_workers',
    value: ({ cpus, memory, workload }) =>
      memory < 2 ** 29
        ? 0
        : clamp(Math.floor(Math.min(cpus, memory / memoryPerWorker)), 1, analytical.has(workload.kind) ? 128 : 32),
    reason: ({ cpus }) =>
      `One per core of ${cpus}, at most one for each ${sizeText(memoryPerWorker)}, and none below 512 MB: each may sort and hash like a session.`,
    source: { kind: 'rule of thumb', text: asynchronousPage },
  },
  {
    name: 'max_parallel_workers_per_gather',
    value({ cpus, workload }, get) {
      const most = workload.kind === 'dw' ? 8 : workload.kind === 'mixed' ? 4 : 2
      return Math.min(clamp(Math.ceil(cpus / 2), 0, most), cpus <= 1 ? 0 : most, get.number('max_parallel_workers'))
    },
    reason: ({ cpus, workload }) =>
      analytical.has(workload.kind)
        ? `Half of ${cpus} cores for one large query, at most ${workload.kind === 'dw' ? 8 : 4}; the others need some too.`
        : 'HNSW scans are not parallel, so only sequential scans and joins use these; more would starve other sessions.',
    source: { kind: 'rule of thumb', text: asynchronousPage },
  },
  {
    name: 'max_parallel_maintenance_workers',
    value({ cpus, pgvector, sharedMemory }, get) {
      if (affectedByParallelBuild(pgvector)) return 0
      if (sharedMemory !== undefined && sharedMemory < get.number('maintenance_work_mem')) return 0
      return Math.min(clamp(Math.floor(cpus) - 1, 0, 4), get.number('max_parallel_workers'))
    },
    reason({ cpus, pgvector, sharedMemory }, get) {
      if (affectedByParallelBuild(pgvector)) {
        return `pgvector ${pgvector} can be made to read and write outside its memory by a parallel HNSW build (CVE-2026-3172, mended in 0.8.2).`
      }
      const needed = get.number('maintenance_work_mem')
      if (sharedMemory !== undefined && sharedMemory < needed) {
        return `A parallel HNSW build takes all of maintenance_work_mem, ${sizeText(needed)}, in /dev/shm, which has ${sizeText(sharedMemory)}.`
      }
      return `The leader and these build an index on ${cpus} cores; more than four bring little.`
    },
    source: { kind: 'documentation', text: `${asynchronousPage}; pgvector: CHANGELOG` },
  },
]
