import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import type { EmbeddingType, ServerFacts } from '../../src/facts/server-facts.ts'
import { PolicyError } from '../../src/policy-error.ts'
import { recommend } from '../../src/recommend.ts'
import type { Recommendation } from '../../src/recommendation.ts'
import { GB, MB } from '../../src/units.ts'
import { buildMemory, graphBytesPerRow, rowsWithin } from '../../src/vectors/graph-memory.ts'
import { hnswBytesPerRow, ivfflatBytes } from '../../src/vectors/index-size.ts'
import { ivfflatMemory, listsFor } from '../../src/vectors/ivfflat-memory.ts'
import { largestPartition } from '../../src/vectors/largest-partition.ts'
import { machine } from '../machine.ts'

type Changes = NonNullable<Parameters<typeof machine>[0]>
const advise = (changes: Changes) => recommend(machine(changes)).vectors
const parameter = (changes: Changes, name: string) =>
  advise(changes).parameters.find((each) => each.name === name)?.value

describe('the memory of one row in a graph', () => {
  // Measured: rows that fit maintenance_work_mem before the notice.
  test.each([
    ['vector', 768, 16, 3790],
    ['vector', 768, 32, 4303],
    ['halfvec', 768, 16, 2253],
  ] as const)('of %s(%i), m %i is %i bytes, to a fifth of a percent', (type, dimensions, m, measured) => {
    expect(Math.abs(graphBytesPerRow({ dimensions, type, m, version: 17 }) / measured - 1)).toBeLessThan(0.002)
  })

  test('is more before PostgreSQL 16, whose allocations have larger headers', () => {
    const shape = { dimensions: 768, type: 'halfvec', m: 16 } as const
    expect(graphBytesPerRow({ ...shape, version: 15 }) - graphBytesPerRow({ ...shape, version: 16 })).toBe(65)
  })
})

test('rows that are said to fit are those for which no more memory is asked', () => {
  fc.assert(
    fc.property(fc.integer({ min: 1, max: 10_000_000 }), fc.integer({ min: 300, max: 17_000 }), (rows, bytes) => {
      const memory = buildMemory(rows, bytes)
      expect(rowsWithin(memory, bytes)).toBeGreaterThanOrEqual(rows)
      expect(rowsWithin(memory - 2 * MB, bytes)).toBeLessThan(rows)
      expect(memory % MB).toBe(0)
    }),
  )
})

describe('one row on disk', () => {
  // Measured per row on indexes of a few hundred thousand rows.
  test.each([
    ['vector', 768, 16, 4096.5],
    ['vector', 768, 32, 4096.5],
    ['halfvec', 768, 16, 2048.5],
  ] as const)('of %s(%i), m %i is %d bytes', (type, dimensions, m, measured) => {
    expect(hnswBytesPerRow(dimensions, type, m) / measured).toBeCloseTo(1, 2)
  })

  test('doubles where the neighbours no longer fit beside the element', () => {
    expect(hnswBytesPerRow(1968, 'vector', 16)).toBeLessThan(9000)
    expect(hnswBytesPerRow(1969, 'vector', 16)).toBeGreaterThan(15_000)
  })

  test('never shrinks with more dimensions, and holds them', () => {
    const types = fc.constantFrom<EmbeddingType>('vector', 'halfvec', 'bit')
    fc.assert(
      fc.property(types, fc.integer({ min: 1, max: 1936 }), fc.integer({ min: 2, max: 100 }), (type, dimensions, m) => {
        const bytes = hnswBytesPerRow(dimensions, type, m)
        expect(hnswBytesPerRow(dimensions + 64, type, m)).toBeGreaterThanOrEqual(bytes)
        expect(bytes).toBeGreaterThan((dimensions * { vector: 32, halfvec: 16, bit: 1 }[type]) / 8 + 12 * m)
      }),
    )
  })

  test('is about the same in IVFFlat as in HNSW at 768 dimensions', () => {
    expect(ivfflatBytes(1_000_000, 768, 'vector', 1000) / 1_000_000 / 4103).toBeCloseTo(1, 2)
  })
})

describe('the largest partition', () => {
  test('is the table where there is one', () => expect(largestPartition(1000, 1)).toBe(1000))
  test('is never less than an even share, nor more than all', () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 1e9 }), fc.integer({ min: 1, max: 256 }), (rows, partitions) => {
        expect(largestPartition(rows, partitions)).toBeGreaterThanOrEqual(rows / partitions)
        expect(largestPartition(rows, partitions)).toBeLessThanOrEqual(rows)
      }),
    )
  })
})

describe('the building session', () => {
  test('gets what the largest partition takes, and workers', () => {
    const { build } = advise({ workload: { rows: 1_000_000 } })
    expect(build).toMatchObject({
      largestPartition: 343_750,
      maintenanceWorkMem: build.needed,
      parallelWorkers: 4,
      proposals: [],
    })
    expect(build.spillsAtRows).toBeGreaterThanOrEqual(343_750)
  })

  test('has /dev/shm for all of it when parallel, and what Docker gives when not', () => {
    const { build } = advise({ workload: { rows: 1_000_000 } })
    expect(build.sharedMemory).toBe(build.maintenanceWorkMem + 64 * MB)
    expect(advise({ cpus: 1, workload: { rows: 1_000_000 } }).build).toMatchObject({
      parallelWorkers: 0,
      sharedMemory: 64 * MB,
    })
  })

  test.each([
    ['0.5.1', 0],
    ['0.6.0', 0],
    ['0.8.0', 0],
    ['0.8.1', 0],
    ['0.8.2', 4],
    ['0.10.0', 4],
    [undefined, 4],
  ])('with pgvector %s has %i workers', (pgvector, workers) => {
    const { pgvector: _, ...facts } = machine({ workload: { embeddingType: 'vector' } })
    expect(recommend(pgvector === undefined ? facts : { ...facts, pgvector }).vectors.build.parallelWorkers).toBe(
      workers,
    )
  })

  test('is serial where /dev/shm is too small, and says what would do', () => {
    const workload = { rows: 1_000_000 }
    const { needed = 0 } = advise({ workload }).build
    expect(advise({ sharedMemory: needed + 64 * MB, workload }).build.parallelWorkers).toBe(4)
    const { vectors, warnings } = recommend(machine({ sharedMemory: needed + 63 * MB, workload }))
    expect(vectors.build).toMatchObject({ parallelWorkers: 0, maintenanceWorkMem: needed })
    expect(warnings.find(({ code }) => code === 'shared_memory_small')?.hint).toContain('821 MB')
  })

  test('proposes what would help, each with its numbers, where the budget gives too little', () => {
    const workload = { rows: 9_000_000, embeddingType: 'vector', partitions: 4 } as const
    const { vectors, warnings } = recommend(machine({ memory: 64 * GB, workload }))
    expect(vectors.build.needed).toBeGreaterThan(8 * GB)
    expect(vectors.build.maintenanceWorkMem).toBe(8 * GB)
    expect(vectors.build.proposals.map(({ change }) => change)).toEqual(['halfvec', 'memory', 'maintenance window'])
    expect(warnings.map(({ code }) => code)).toContain('vector_build_spills')
  })

  test('proposes more partitions and memory only where they really fit', () => {
    const machines = fc.record({
      memory: fc.integer({ min: 4, max: 256 }).map((each) => each * GB),
      rows: fc.integer({ min: 100_000, max: 50_000_000 }),
      partitions: fc.constantFrom(1, 4, 8, 16),
      embeddingType: fc.constantFrom<EmbeddingType>('vector', 'halfvec'),
    })
    fc.assert(
      fc.property(machines, ({ memory, ...workload }) => {
        const { build, indexedType } = advise({ memory, workload: { connections: 10, ...workload } })
        const of = (change: string) => build.proposals.find((each) => each.change === change)?.text
        const more = of('partitions')?.match(/^(\d+) partitions/)?.[1]
        const rebuilt = (rows: number, among: number) => buildMemory(largestPartition(rows, among), build.bytesPerRow)
        if (more !== undefined) expect(rebuilt(workload.rows, Number(more))).toBeLessThanOrEqual(Math.floor(memory / 8))
        const bigger = of('memory')?.match(/^([\d.]+) (GB|TB)/)
        if (bigger?.[2] === 'GB' && indexedType === workload.embeddingType) {
          const again = advise({ memory: Number(bigger[1]) * GB, workload: { connections: 10, ...workload } })
          if (again.indexedType === indexedType) expect(again.build.proposals).toEqual([])
        }
        expect(build.proposals.length > 0).toBe((build.needed ?? 0) > Math.floor(memory / 8 / MB) * MB)
      }),
    )
  })
})

describe('the index', () => {
  test.each<[string, Changes, ReturnType<typeof advise>['index'], EmbeddingType]>([
    ['is none for a few thousand rows', { workload: { rows: 2000 } }, 'exact', 'halfvec'],
    ['is HNSW when nobody told how many rows', {}, 'hnsw', 'halfvec'],
    ['is HNSW for a million', { workload: { rows: 1_000_000 } }, 'hnsw', 'halfvec'],
    [
      'is HNSW where the build spills, but is done in a night',
      { workload: { rows: 4_500_000, partitions: 1 } },
      'hnsw',
      'halfvec',
    ],
    [
      'is IVFFlat where a night is too short',
      { memory: 64 * GB, cpus: 1, workload: { rows: 20_000_000, partitions: 1 } },
      'ivfflat',
      'halfvec',
    ],
    [
      'is IVFFlat where pgvector has no HNSW',
      { pgvector: '0.4.4', workload: { rows: 1_000_000, embeddingType: 'vector' } },
      'ivfflat',
      'vector',
    ],
    [
      'holds halfvec where vector does not fit the cache',
      { workload: { rows: 4_000_000, embeddingType: 'vector' } },
      'hnsw',
      'halfvec',
    ],
    ['holds bits where halfvec does not fit the cache', { workload: { rows: 20_000_000 } }, 'hnsw', 'bit'],
    ['holds no bits of few dimensions', { workload: { rows: 20_000_000, dimensions: 384 } }, 'ivfflat', 'halfvec'],
  ])('%s', (_, changes, index, indexedType) => {
    expect(advise(changes)).toMatchObject({ index, indexedType })
  })

  test('is reckoned as vector where pgvector has no halfvec', () => {
    expect(advise({ pgvector: '0.6.2' })).toMatchObject({ embeddingType: 'vector', indexedType: 'vector' })
  })
})

describe('parameters', () => {
  test.each([
    [1000, 10],
    [500_000, 500],
    [1_000_000, 1000],
    [10_000_000, 3163],
    [1e10, 32_768],
  ])('for %i rows are %i lists', (rows, lists) => expect(listsFor(rows)).toBe(lists))

  test('of k-means are refused by a small maintenance_work_mem', () => {
    // 1,000 lists of vector(768): 50,000 samples of 3 kB, 50 million distances, a million between centres.
    expect(ivfflatMemory(1000, 768, 'vector') / MB).toBeCloseTo(355, -1)
  })

  test('of a search through one graph for all are more than through eight', () => {
    expect(parameter({ workload: { partitions: 1 } }, 'hnsw.ef_search')).toBe(300)
    expect(parameter({ workload: { partitions: 8 } }, 'hnsw.ef_search')).toBe(100)
  })

  test('have iterative scans from pgvector 0.8.0 on', () => {
    expect(parameter({ pgvector: '0.8.0' }, 'hnsw.iterative_scan')).toBe('relaxed_order')
    expect(parameter({ pgvector: '0.7.4' }, 'hnsw.iterative_scan')).toBeUndefined()
  })
})

const anyMachine: fc.Arbitrary<ServerFacts> = fc
  .record({
    memory: fc.integer({ min: 2 * 1024, max: 4 * 1024 * 1024 }).map((each) => each * MB),
    cpus: fc.integer({ min: 1, max: 256 }),
    version: fc.constantFrom(14, 15, 16, 17, 18),
    pgvector: fc.constantFrom('0.4.4', '0.5.1', '0.6.2', '0.7.4', '0.8.0', '0.8.1', '0.8.2', '0.8.7'),
    sharedMemory: fc.integer({ min: 64, max: 64 * 1024 }).map((each) => each * MB),
    storage: fc.constantFrom('hdd', 'ssd', 'nvme', 'network'),
    workload: fc.record({
      connections: fc.constant(10),
      rows: fc.integer({ min: 0, max: 1e9 }),
      dimensions: fc.integer({ min: 1, max: 4000 }),
      embeddingType: fc.constantFrom('vector', 'halfvec', 'bit'),
      partitions: fc.integer({ min: 1, max: 256 }),
    }),
  })
  .map((changes) => machine(changes as Changes))

/** undefined: too little memory for its sessions, which is another spec's. */
function recommendedFor(facts: ServerFacts): Recommendation | undefined {
  try {
    return recommend(facts)
  } catch (error) {
    if (error instanceof PolicyError && error.code === 'memory_too_small') return undefined
    throw error
  }
}

test('no machine gets advice that pgvector or the machine would refuse', () => {
  fc.assert(
    fc.property(anyMachine, (facts) => {
      const recommended = recommendedFor(facts)
      fc.pre(recommended !== undefined)
      const { vectors, warnings, tables } = recommended as Recommendation
      const { build } = vectors
      const value = (name: string) => Number(vectors.parameters.find((each) => each.name === name)?.value ?? Number.NaN)
      expect(build.maintenanceWorkMem).toBeLessThanOrEqual(facts.memory / 8)
      expect(build.parallelWorkers).toBeLessThanOrEqual(Math.max(0, Math.min(4, facts.cpus - 1)))
      if (build.parallelWorkers > 0) {
        expect(build.sharedMemory).toBeLessThanOrEqual(facts.sharedMemory as number)
        expect(build.maintenanceWorkMem).toBeGreaterThanOrEqual(64 * MB)
        expect(['0.8.2', '0.8.7']).toContain(facts.pgvector)
      }
      if (vectors.index === 'hnsw') {
        expect(value('ef_construction')).toBeGreaterThanOrEqual(2 * value('m'))
        expect(value('hnsw.ef_search')).toBeLessThanOrEqual(1000)
      }
      if (vectors.index === 'ivfflat') {
        expect(value('lists')).toBeLessThanOrEqual(32_768)
        expect(value('ivfflat.probes')).toBeLessThanOrEqual(value('lists'))
      }
      const text = JSON.stringify({ vectors, warnings, tables })
      expect(text).not.toMatch(/undefined|NaN|Infinity|\[object/)
      const codes = warnings.map(({ code }) => code)
      expect(codes).toEqual([...new Set(codes)])
    }),
    { numRuns: 500 },
  )
})
