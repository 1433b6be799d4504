import { describe, expect, test } from 'vitest'
import type { ServerFacts } from '../../src/facts/server-facts.ts'
import { recommend } from '../../src/recommend.ts'
import { GB, MB } from '../../src/units.ts'
import { pgvectorFaults } from '../../src/vectors/pgvector-faults.ts'
import { machine } from '../machine.ts'

type Changes = NonNullable<Parameters<typeof machine>[0]>
const tls = { certificate: '/tls/server.crt', key: '/tls/server.key' }
const codes = (changes: Changes) => codesOf(machine({ version: 17, tls, ...changes }))
const codesOf = (facts: ServerFacts) => recommend(facts).warnings.map(({ code }) => code)

// The fault, and the near miss that stays silent.
test.each<[string, Changes, Changes]>([
  ['pgvector_parallel_build_overflow', { pgvector: '0.8.1' }, { pgvector: '0.8.2' }],
  ['pgvector_parallel_build_overflow', { pgvector: '0.6.0' }, { pgvector: '0.5.1' }],
  ['pgvector_vacuum_corruption', { pgvector: '0.8.2' }, { pgvector: '0.8.3' }],
  ['pgvector_vacuum_errors', { pgvector: '0.8.3' }, { pgvector: '0.8.4' }],
  ['pgvector_without_iterative_scan', { pgvector: '0.7.4' }, { pgvector: '0.8.0' }],
  ['pgvector_without_halfvec', { pgvector: '0.6.2' }, { pgvector: '0.7.0' }],
  ['pgvector_without_hnsw', { pgvector: '0.4.4' }, { pgvector: '0.5.0' }],
  ['pgvector_ivfflat_memory', { pgvector: '0.4.4' }, { pgvector: '0.8.0' }],
  ['embedding_type_unusable', { pgvector: '0.6.2' }, { pgvector: '0.7.0' }],
  ['dimensions_over_limit', { workload: { dimensions: 4001 } }, { workload: { dimensions: 3900 } }],
  ['index_row_over_page', { workload: { dimensions: 3937 } }, { workload: { dimensions: 3936 } }],
  ['vector_build_spills', { workload: { rows: 4_000_000 } }, { workload: { rows: 2_000_000 } }],
  ['shared_memory_small', { sharedMemory: 64 * MB }, { sharedMemory: 4 * GB }],
  ['vectors_on_hard_disk', { storage: 'hdd' }, { storage: 'hdd', workload: { rows: 1000 } }],
  ['vector_index_over_cache', { workload: { rows: 50_000_000 } }, { workload: { rows: 1_000_000 } }],
  ['postgres_end_of_life', { version: 14 }, { version: 15 }],
  ['postgres_end_of_life_near', { version: 15 }, { version: 16 }],
  [
    'memory_below_1gb',
    { memory: 1023 * MB, workload: { connections: 8 } },
    { memory: GB, workload: { connections: 8 } },
  ],
])('%s is said of it, and not of its near miss', (code, fault, nearMiss) => {
  expect(codes(fault)).toContain(code)
  expect(codes(nearMiss)).not.toContain(code)
})

test('nothing is said of a good machine', () => expect(codes({ workload: { rows: 1_000_000 } })).toEqual([]))

test('what nobody told is said', () => {
  const { pgvector: _, ...facts } = machine({ version: 17 })
  const capabilities = { walCompression: ['pglz'], toastCompression: ['pglz'], ioMethod: [], libraries: [] }
  const untold = { ...facts, postgres: { ...facts.postgres, capabilities } }
  expect(codesOf(untold)).toEqual(['pgvector_unknown', 'build_unknown'])
})

test('vectors are not spoken of where there are none', () => {
  expect(codes({ pgvector: '0.4.4', storage: 'hdd', workload: { kind: 'oltp', rows: 1e9 } })).toEqual([])
})

describe('every fault of pgvector', () => {
  test.each(pgvectorFaults)('$id has a name of its own and says what to do', ({ id, fault, advice }) => {
    expect(pgvectorFaults.filter((each) => each.id === id)).toHaveLength(1)
    expect(id).toMatch(/^pgvector_[a-z_]+$/)
    expect(fault).not.toMatch(/[.]$/)
    expect(advice).toMatch(/[.]$/)
  })
})
