import type { ServerFacts } from '../facts/server-facts.ts'
import { GB, kB, MB, TB } from '../units.ts'
import type { Tool, ToolSetting } from './tool.ts'

/** The formulas of timescaledb-tune on Linux: facts, written anew. */
export const timescaledbTune: Tool = {
  name: 'timescaledb-tune',
  source: 'timescale/timescaledb-tune at c7a642bd4 of 2026-05-27, read in November 2026',
  settings: (facts) => [
    { name: 'max_connections', amount: facts.workload.connections },
    ...memory(facts),
    ...writeAheadLog(facts),
    ...workers(facts),
    { name: 'autovacuum_max_workers', amount: 10 },
    { name: 'autovacuum_naptime', amount: 10_000 },
    { name: 'max_locks_per_transaction', amount: locks(facts.memory) },
    { name: 'default_statistics_target', amount: 100 },
    { name: 'random_page_cost', amount: 1.1 },
    { name: 'effective_io_concurrency', amount: 256 },
    { name: 'default_toast_compression', amount: 'lz4' },
    { name: 'jit', amount: false },
  ],
  assumptions: ({ memory, walDisk }) => [
    `Its --max-conns is given; left to itself it takes ${ownConnections(memory)} connections.`,
    'It knows no kinds of workload or storage: it takes every disk for an SSD.',
    'timescaledb.max_background_workers is left out, the 16 processes for it are not.',
    walDisk === undefined
      ? 'It asks for the size of the disk that the WAL is on: unknown here, so 1 GB of WAL.'
      : 'max_wal_size is 60% of the disk that the WAL is on.',
  ],
}

function ownConnections(memory: number): number {
  if (memory <= 2 * GB) return 25
  if (memory <= 4 * GB) return 50
  return memory <= 6 * GB ? 75 : 100
}

function memory({ memory, cpus, workload }: ServerFacts): ToolSetting[] {
  const gigabytes = memory / GB
  const each = (gigabytes * 400 * MB) / workload.connections / Math.round(processors(cpus) / 2)
  return [
    { name: 'shared_buffers', amount: written(Math.floor(memory / 4)) },
    { name: 'effective_cache_size', amount: written(Math.floor((memory * 3) / 4)) },
    { name: 'maintenance_work_mem', amount: written(Math.min(gigabytes * 128 * MB, 2047 * MB)) },
    { name: 'work_mem', amount: written(Math.max(each, 64 * kB)) },
  ]
}

function writeAheadLog({ memory, walDisk }: ServerFacts): ToolSetting[] {
  const segment = 16 * MB
  const most = walDisk === undefined ? GB : Math.ceil(Math.floor((walDisk * 60) / 100) / segment) * segment
  return [
    { name: 'wal_buffers', amount: memory < 2 * GB ? written((memory / GB) * 7864 * kB) : 16 * MB },
    { name: 'min_wal_size', amount: written(Math.floor(most / 2)) },
    { name: 'max_wal_size', amount: written(most) },
    { name: 'checkpoint_completion_target', amount: 0.9 },
  ]
}

function workers({ cpus }: ServerFacts): ToolSetting[] {
  const count = processors(cpus)
  if (count === 1) return []
  return [
    // Three for PostgreSQL, sixteen for TimescaleDB's jobs, one for each processor.
    { name: 'max_worker_processes', amount: 3 + 16 + count },
    { name: 'max_parallel_workers', amount: count },
    { name: 'max_parallel_workers_per_gather', amount: Math.round(count / 2) },
  ]
}

function processors(cpus: number): number {
  return Math.max(1, Math.floor(cpus))
}

function locks(memory: number): number {
  if (memory >= 32 * GB) return 1024
  if (memory >= 16 * GB) return 512
  return memory >= 8 * GB ? 256 : 128
}

/** It writes whole units only: one unit smaller where the largest one leaves a remainder, and cuts off the rest. */
function written(bytes: number): number {
  const whole = Math.floor(bytes)
  const unit = [TB, GB, MB].find((each) => whole >= each)
  if (unit === undefined) return Math.max(Math.round(whole / kB), 1) * kB
  const count = whole / unit
  if (count - Math.floor(count) <= 0.001) return Math.floor(count) * unit
  return Math.floor(count * 1024) * (unit / 1024)
}
