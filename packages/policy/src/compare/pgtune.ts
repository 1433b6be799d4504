import type { ServerFacts, Storage, WorkloadKind } from '../facts/server-facts.ts'
import { clamp, down } from '../rounding.ts'
import { GB, kB, MB } from '../units.ts'
import type { Tool, ToolSetting } from './tool.ts'

type Kind = Exclude<WorkloadKind, 'agent-memory'>

/** The formulas of pgtune for Linux: facts, written anew; its page was run beside this over a grid of inputs. */
export const pgtune: Tool = {
  name: 'pgtune',
  source: 'le0pard/pgtune at 7caef27c2 of 2026-07-30, read in November 2026',
  settings(facts) {
    const kind = kindOf(facts)
    return [
      { name: 'max_connections', amount: facts.workload.connections },
      ...memory(facts, kind),
      ...writeAheadLog(facts, kind),
      ...planner(facts, kind),
      ...workers(facts, kind),
      ...inputOutput(facts),
    ]
  },
  assumptions: ({ workload }) => [
    'It asks whether the database is smaller than the memory: taken as about as large, which changes nothing; smaller would raise work_mem by 30%, larger lower it by 10%.',
    ...(workload.kind === 'agent-memory'
      ? ['It has no kind of store like this: taken as "mixed"; "web" gives twice the work_mem.']
      : []),
  ],
}

function kindOf({ workload }: ServerFacts): Kind {
  return workload.kind === 'agent-memory' ? 'mixed' : workload.kind
}

/** Its page takes whole processors. */
function processors({ cpus }: ServerFacts): number {
  return Math.max(1, Math.floor(cpus))
}

function memory(facts: ServerFacts, kind: Kind): ToolSetting[] {
  const { memory } = facts
  const shared = down(memory / (kind === 'desktop' ? 16 : 4), kB)
  const maintenance = Math.min(down(memory / (kind === 'dw' ? 8 : 16), kB), 8 * GB)
  const sharers = (facts.workload.connections + (processors(facts) < 4 ? 8 : processors(facts))) * 3
  const part = { web: 1, oltp: 1, dw: 2, mixed: 2, desktop: 6 }[kind]
  return [
    { name: 'shared_buffers', amount: shared },
    { name: 'huge_pages', amount: shared >= 2 * GB ? 'try' : 'off' },
    { name: 'effective_cache_size', amount: down(kind === 'desktop' ? memory / 4 : (memory * 3) / 4, kB) },
    { name: 'maintenance_work_mem', amount: maintenance },
    ...(maintenance >= 2 * GB ? [{ name: 'autovacuum_work_mem', amount: 2 * GB }] : []),
    // hash_mem_multiplier, 2 since PostgreSQL 15, is not in it.
    { name: 'work_mem', amount: Math.max(down((memory - shared) / sharers / part, kB), 4 * MB) },
  ]
}

function writeAheadLog({ memory, postgres }: ServerFacts, kind: Kind): ToolSetting[] {
  const [least, most] = {
    web: [GB, 4 * GB],
    oltp: [2 * GB, 8 * GB],
    dw: [4 * GB, 16 * GB],
    mixed: [GB, 4 * GB],
    desktop: [100 * MB, 2 * GB],
  }[kind] as [number, number]
  const buffers = down((down(memory / (kind === 'desktop' ? 16 : 4), kB) * 3) / 100, kB)
  return [
    { name: 'min_wal_size', amount: least },
    { name: 'max_wal_size', amount: most },
    { name: 'wal_buffers', amount: buffers > 14 * MB ? 16 * MB : Math.max(buffers, 32 * kB) },
    { name: 'checkpoint_completion_target', amount: 0.9 },
    { name: 'wal_compression', amount: postgres.version >= 15 ? 'lz4' : true },
    ...(kind === 'desktop'
      ? [
          { name: 'wal_level', amount: 'minimal' },
          { name: 'max_wal_senders', amount: 0 },
        ]
      : []),
  ]
}

function planner({ storage }: ServerFacts, kind: Kind): ToolSetting[] {
  return [
    { name: 'default_statistics_target', amount: kind === 'dw' ? 500 : 100 },
    { name: 'random_page_cost', amount: storage === 'hdd' || kind === 'dw' ? 4 : 1.1 },
    ...(kind === 'dw' || kind === 'desktop' ? [] : [{ name: 'jit', amount: false }]),
  ]
}

function workers(facts: ServerFacts, kind: Kind): ToolSetting[] {
  const count = processors(facts)
  const half = Math.ceil(count / 2)
  const vacuums = count >= 32 ? 5 : count >= 16 ? 4 : undefined
  return [
    ...(vacuums === undefined ? [] : [{ name: 'autovacuum_max_workers', amount: vacuums }]),
    ...(count < 4
      ? []
      : [
          { name: 'max_worker_processes', amount: count },
          { name: 'max_parallel_workers', amount: count },
          { name: 'max_parallel_workers_per_gather', amount: kind === 'dw' ? half : clamp(half, 1, 4) },
          { name: 'max_parallel_maintenance_workers', amount: clamp(half, 1, 4) },
        ]),
  ]
}

// It calls network storage SAN.
const concurrency: Readonly<Record<Storage, number>> = { hdd: 2, ssd: 200, network: 300, nvme: 1000 }

function inputOutput({ storage, postgres }: ServerFacts): ToolSetting[] {
  return [
    { name: 'effective_io_concurrency', amount: concurrency[storage] },
    // Whatever the build accepts; with it io_workers is never set.
    ...(postgres.version >= 18 ? [{ name: 'io_method', amount: 'io_uring' }] : []),
  ]
}
