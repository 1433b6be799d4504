import { describe, expect, test } from 'vitest'
import { recommendationViolations } from '../../src/invariants/recommendation-invariants.ts'
import { type Amounts, violations } from '../../src/invariants/setting-invariants.ts'
import { standbyViolations } from '../../src/invariants/standby-invariants.ts'
import { recommend } from '../../src/recommend.ts'
import type { Recommendation } from '../../src/recommendation.ts'
import type { SettingValue } from '../../src/settings/setting-rule.ts'
import { GB, kB, MB } from '../../src/units.ts'
import { machine } from '../machine.ts'

const amounts = (values: Record<string, SettingValue>): Amounts =>
  Object.entries(values).map(([name, amount]) => ({ name, amount }))
const codes = (found: readonly { code: string }[]): string[] => found.map(({ code }) => code)

test('the defaults of every version keep all rules', () => {
  for (const version of [14, 15, 16, 17, 18] as const) expect(violations([], machine({ version }))).toEqual([])
})

// The second values break the rule by as little as possible, the first keep it.
test.each<[string, Record<string, SettingValue>, Record<string, SettingValue>]>([
  ['wal_sizes_reversed', { min_wal_size: GB, max_wal_size: GB }, { min_wal_size: GB + 16 * MB, max_wal_size: GB }],
  ['wal_size_too_small', { min_wal_size: 32 * MB, max_wal_size: 32 * MB }, { min_wal_size: 0, max_wal_size: 31 * MB }],
  ['autovacuum_slots_exceeded', { autovacuum_max_workers: 16 }, { autovacuum_max_workers: 17 }],
  ['io_combine_limit_exceeded', { io_combine_limit: 128 * kB }, { io_combine_limit: 136 * kB }],
  ['shared_buffers_exceed_memory', { shared_buffers: 16 * GB - MB }, { shared_buffers: 16 * GB }],
  ['huge_pages_missing', { huge_pages: 'try' }, { huge_pages: 'on' }],
  [
    'connections_all_reserved',
    { max_connections: 10, superuser_reserved_connections: 3, reserved_connections: 6 },
    { max_connections: 10, superuser_reserved_connections: 3, reserved_connections: 7 },
  ],
  ['worker_processes_exceeded', { max_parallel_workers: 8 }, { max_parallel_workers: 9 }],
  ['parallel_workers_exceeded', { max_parallel_workers_per_gather: 8 }, { max_parallel_workers_per_gather: 9 }],
  ['parallel_workers_exceeded', { max_parallel_maintenance_workers: 8 }, { max_parallel_maintenance_workers: 9 }],
  ['wal_level_minimal', { wal_level: 'minimal', max_wal_senders: 0 }, { wal_level: 'minimal' }],
])('%s: what is just right passes, what is just wrong is found', (code, right, wrong) => {
  const facts = machine()
  const found = codes(violations(amounts(right), facts)).filter((each) => each !== 'too_few_wal_senders')
  expect(found).toEqual([])
  expect(codes(violations(amounts(wrong), facts))).toEqual([code])
})

test('replicas need WAL senders and slots, and a base backup two more', () => {
  const facts = machine({ workload: { replicas: 8 } })
  expect(violations([], facts)).toEqual([])
  expect(codes(violations(amounts({ max_wal_senders: 9 }), facts))).toEqual(['too_few_wal_senders'])
  expect(codes(violations(amounts({ max_replication_slots: 7 }), facts))).toEqual(['too_few_wal_senders'])
})

test('WAL that is kept has room on its disk, which slots without a limit never have', () => {
  const facts = machine({ walDisk: 10 * GB, workload: { replicas: 1 } })
  const kept = (size: number) => amounts({ max_wal_size: 4 * GB, max_slot_wal_keep_size: size })
  expect(violations(kept(6 * GB), facts)).toEqual([])
  expect(codes(violations(kept(6 * GB + MB), facts))).toEqual(['wal_exceeds_disk'])
  expect(codes(violations(kept(-1), facts))).toEqual(['wal_exceeds_disk'])
})

test('huge pages that the host has set aside may be relied on', () => {
  expect(violations(amounts({ huge_pages: 'on' }), machine({ hugePages: true }))).toEqual([])
})

describe('a recommendation', () => {
  const sound = recommend(machine())
  const pooled = recommend(machine({ workload: { pooled: true, active: 40, connections: 60 } }))

  test('of ours keeps all rules', () => {
    expect([sound, pooled].flatMap(recommendationViolations)).toEqual([])
  })

  test.each<[string, Recommendation]>([
    ['budget_exceeded', { ...sound, memory: overBudget(sound.memory) }],
    ['budget_unsound', { ...sound, memory: { ...sound.memory, worstCase: sound.memory.worstCase - 1 } }],
    [
      'pools_exceed_connections',
      { ...sound, pools: { ...sound.pools, application: { processes: 1, min: 1, max: sound.pools.usable } } },
    ],
    [
      'pools_exceed_clients',
      { ...pooled, pools: { ...pooled.pools, application: { processes: 1000, min: 1, max: 1000 } } },
    ],
    ['pool_sizes_impossible', { ...sound, pools: { ...sound.pools, application: { processes: 1, min: 1, max: 0 } } }],
    ['vector_parameter_out_of_range', withParameters({ 'hnsw.ef_search': 1001 })],
    ['vector_parameter_out_of_range', withParameters({ lists: 0 })],
    ['ef_construction_too_small', withParameters({ m: 16, ef_construction: 31 })],
    ['probes_exceed_lists', withParameters({ lists: 100, 'ivfflat.probes': 101 })],
    ['too_many_dimensions', { ...sound, facts: machine({ workload: { dimensions: 4001 } }) }],
  ])('with %s is found', (code, broken) => {
    expect(codes(recommendationViolations(broken))).toEqual([code])
  })

  function overBudget(memory: Recommendation['memory']): Recommendation['memory'] {
    const more = memory.limit - memory.reserve - memory.worstCase + 1
    const parts = [...memory.parts, { name: 'pooler' as const, bytes: more, reason: '' }]
    return { ...memory, parts, worstCase: memory.worstCase + more }
  }

  function withParameters(values: Record<string, number>): Recommendation {
    const parameters = Object.entries(values).map(([name, value]) => ({ name, value, reason: '' }))
    return { ...sound, vectors: { ...sound.vectors, parameters } }
  }
})

test('a standby with fewer connections or workers than its primary is found', () => {
  const primary = recommend(machine())
  expect(standbyViolations(primary, primary)).toEqual([])
  const smaller = recommend(machine({ cpus: 2, workload: { connections: 50, active: 50 } }))
  expect(standbyViolations(primary, smaller).map(({ message }) => message)).toEqual([
    'max_connections is 50 on the standby and 100 on the primary',
    expect.stringMatching(/^max_worker_processes is \d+ on the standby and \d+ on the primary$/),
  ])
  expect(standbyViolations(smaller, primary)).toEqual([])
})
