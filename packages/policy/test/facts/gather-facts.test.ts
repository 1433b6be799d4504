import { describe, expect, test } from 'vitest'
import { factNames } from '../../src/facts/fact-parsers.ts'
import { gatherFacts } from '../../src/facts/gather-facts.ts'
import type { GivenFacts } from '../../src/facts/given-facts.ts'
import { recommend } from '../../src/recommend.ts'
import { GB, MB } from '../../src/units.ts'
import { policyRefusal } from './policy-refusal.ts'

const told = (facts: GivenFacts) => gatherFacts([{ origin: 'told', facts: { memory: 16 * GB, cpus: 8, ...facts } }])

describe('sources', () => {
  test('of each fact the first one that tells it counts, and is named', () => {
    const { facts, origins } = gatherFacts([
      { origin: { memory: '--memory', workload: '--workload' }, facts: { memory: 2 * GB, workload: 'web' } },
      { origin: 'facts.json', facts: { memory: 4 * GB, cpus: 2 } },
      { origin: 'profile large', facts: { memory: 64 * GB, cpus: 16, storage: 'nvme' } },
    ])
    expect(facts).toMatchObject({ memory: 2 * GB, cpus: 2, storage: 'nvme', workload: { kind: 'web' } })
    expect(origins).toMatchObject({
      memory: '--memory',
      workload: '--workload',
      cpus: 'facts.json',
      storage: 'profile large',
    })
  })

  test('false is told, and not the same as nothing', () => {
    const { facts, origins } = gatherFacts([
      { origin: '--no-pooled', facts: { pooled: false } },
      { origin: 'profile', facts: { memory: GB, cpus: 1, pooled: true } },
    ])
    expect(facts.workload.pooled).toBe(false)
    expect(origins.pooled).toBe('--no-pooled')
  })

  test('every fact has an origin, also where nobody told it', () => {
    const { origins } = told({})
    expect(Object.keys(origins).sort()).toEqual([...factNames].sort())
    expect(origins.rows).toBe('default: not told')
    expect(origins.connections).toBe('default: one for each 80 MB, 6 to 100 for agent-memory')
  })

  test('a /dev/shm seen on one machine does not limit the memory told for another', () => {
    const { facts, origins } = gatherFacts([
      { origin: '--memory', facts: { memory: GB } },
      { origin: '/dev/shm', facts: { memory: 128 * GB, cpus: 4, sharedMemory: 64 * GB } },
    ])
    expect(facts.sharedMemory).toBeUndefined()
    expect(origins.sharedMemory).toBe('default: not limited; more than memory in /dev/shm')
  })

  test('a build is a name, or what a server told', () => {
    const own = { walCompression: ['pglz'], toastCompression: ['lz4'], ioMethod: [], libraries: ['x'] }
    expect(told({ build: own }).facts.postgres.capabilities).toEqual(own)
    expect(told({ build: 'debian', postgres: 17 }).facts.postgres.capabilities.walCompression).toContain('zstd')
  })

  test.each([
    [{}, 'nothing tells the memory and the number of cpus of the server', '--memory 16GB --cpus 8,'],
    [{ cpus: 1 }, 'nothing tells the memory of the server', '--memory 16GB,'],
    [{ memory: GB }, 'nothing tells the number of cpus of the server', '--cpus 8,'],
  ])('memory and cpus are never guessed: %j', (facts, message, flags) => {
    const error = policyRefusal(() => gatherFacts([{ origin: 'x', facts }]))
    expect(error).toMatchObject({ code: 'missing_fact', message, hint: expect.stringContaining(flags) })
    expect(error.hint).toMatch(/--detect.*--profile small, medium, large or xlarge/)
  })
})

describe('defaults', () => {
  test('are those of a plain server that nothing more is known of', () => {
    const { facts } = told({})
    expect(facts).toEqual({
      memory: 16 * GB,
      cpus: 8,
      storage: 'ssd',
      hugePages: false,
      postgres: {
        version: 18,
        capabilities: {
          walCompression: ['pglz'],
          toastCompression: ['pglz'],
          ioMethod: ['sync', 'worker'],
          libraries: [],
        },
        preload: [],
      },
      workload: {
        kind: 'agent-memory',
        connections: 100,
        active: 100,
        pooled: false,
        processes: 1,
        replicas: 0,
        pitr: false,
        dimensions: 768,
        embeddingType: 'halfvec',
        partitions: 8,
      },
    })
  })

  test.each([
    ['agent-memory', 100],
    ['web', 200],
    ['oltp', 200],
    ['dw', 40],
    ['mixed', 100],
    ['desktop', 20],
  ] as const)('%s gets at most %d connections', (workload, most) => {
    expect(told({ workload, memory: 1024 * GB }).facts.workload.connections).toBe(most)
  })

  test('connections follow the pools of applications', () => {
    const { facts, origins } = told({ processes: 15, poolSize: 10 })
    expect(facts.workload.connections).toBe(160)
    expect(origins.connections).toBe('default: 15 x 10 in pools, and 10 beside')
    expect(recommend(facts).pools.application).toMatchObject({ processes: 15, max: 10 })
  })

  test('behind a pooler the pool is four sessions per cpu, and connections follow', () => {
    expect(told({ pooled: true }).facts.workload).toMatchObject({ active: 32, connections: 41 })
    expect(told({ pooled: true, connections: 30 }).facts.workload).toMatchObject({ active: 22, connections: 30 })
    expect(told({ pooled: true, active: 50 }).facts.workload).toMatchObject({ active: 50, connections: 63 })
    expect(told({ pooled: true, cpus: 0.5 }).facts.workload.active).toBe(2)
  })

  test('the type of embeddings is what pgvector has', () => {
    expect(told({ pgvector: '0.6.2' }).facts.workload.embeddingType).toBe('vector')
    expect(told({ pgvector: '0.7.0' }).facts.workload.embeddingType).toBe('halfvec')
    expect(told({ pgvector: '0.10.0' }).facts.workload.embeddingType).toBe('halfvec')
  })

  test('sessions that nobody asked for never make a server too small', () => {
    const { facts, origins } = told({ memory: 512 * MB, cpus: 64, pooled: true })
    expect(() => recommend(facts)).not.toThrow()
    expect(origins.active).toMatch(/lowered to what memory allows$/)
  })
})
