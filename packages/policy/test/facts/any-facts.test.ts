import fc from 'fast-check'
import { expect, test } from 'vitest'
import { builds } from '../../src/facts/builds.ts'
import { embeddingTypes, storages, versions, workloadKinds } from '../../src/facts/choices.ts'
import { factNames } from '../../src/facts/fact-parsers.ts'
import { gatherFacts } from '../../src/facts/gather-facts.ts'
import type { FactName, GivenFacts } from '../../src/facts/given-facts.ts'
import { profiles } from '../../src/facts/profiles.ts'
import { PolicyError } from '../../src/policy-error.ts'
import { recommend } from '../../src/recommend.ts'
import { GB, MB, TB } from '../../src/units.ts'

const MBs = (min: number, max: number) => fc.integer({ min, max }).map((megabytes) => megabytes * MB)
/** Each possible by itself. */
const possible = {
  memory: MBs(256, 4_000_000),
  cpus: fc.integer({ min: 1, max: 256 }),
  sharedMemory: MBs(64, 512),
  storage: fc.constantFrom(...storages),
  walDisk: MBs(1024, 1_000_000),
  hugePages: fc.boolean(),
  postgres: fc.constantFrom(...versions),
  build: fc.constantFrom(...builds.map(({ name }) => name)),
  preload: fc.array(fc.constantFrom('citus', 'pg_cron')),
  listen: fc.constantFrom('*', 'localhost'),
  pgvector: fc.constantFrom('0.6.2', '0.7.0', '0.8.1', '0.8.7'),
  tlsCertificate: fc.constant('/tls/server.crt'),
  tlsKey: fc.constant('/tls/server.key'),
  workload: fc.constantFrom(...workloadKinds),
  connections: fc.integer({ min: 40, max: 500 }),
  active: fc.integer({ min: 1, max: 60 }),
  pooled: fc.boolean(),
  processes: fc.integer({ min: 1, max: 50 }),
  poolSize: fc.integer({ min: 1, max: 50 }),
  replicas: fc.nat(5),
  pitr: fc.boolean(),
  rows: fc.nat(),
  dimensions: fc.integer({ min: 1, max: 2100 }),
  embeddingType: fc.constantFrom(...embeddingTypes),
  growth: fc.nat(),
  partitions: fc.integer({ min: 1, max: 256 }),
} satisfies Partial<Record<FactName, unknown>>
const numbers: readonly FactName[] = ['memory', 'cpus', 'sharedMemory', 'walDisk', 'connections', 'active', 'processes']
const moreNumbers: readonly FactName[] = ['poolSize', 'replicas', 'rows', 'dimensions', 'growth', 'partitions']
const texts: readonly FactName[] = [
  'storage',
  'build',
  'pgvector',
  'tlsCertificate',
  'tlsKey',
  'workload',
  'embeddingType',
]
const wild = fc.oneof(
  fc.tuple(fc.constantFrom(...numbers, ...moreNumbers), fc.oneof(fc.double(), fc.integer())),
  fc.tuple(fc.constantFrom(...texts), fc.string()),
)
const anyFacts = fc
  .tuple(fc.record(possible, { requiredKeys: [] }), fc.option(wild))
  .map(([facts, one]) => (one === null ? facts : { ...facts, [one[0]]: one[1] }) as unknown as GivenFacts)

test('whatever is told, facts are complete or refused with what is wrong', () => {
  let complete = 0
  fc.assert(
    fc.property(anyFacts, fc.constantFrom({}, ...profiles.map(({ facts }) => facts)), (given, profile) => {
      try {
        const { facts, origins } = gatherFacts([
          { origin: 'given', facts: given },
          { origin: 'profile', facts: profile },
        ])
        complete++
        expect(Object.keys(origins)).toHaveLength(factNames.length)
        for (const value of [facts.memory, facts.cpus, ...Object.values(facts.workload)]) {
          expect(value === undefined || Number.isNaN(value)).toBe(false)
        }
        expect(facts.workload.active).toBeLessThanOrEqual(facts.workload.connections)
      } catch (error) {
        expect(error).toBeInstanceOf(PolicyError)
        const { code, detail, message } = error as PolicyError
        expect(['impossible_facts', 'missing_fact']).toContain(code)
        // Every line names a fact.
        for (const line of (detail ?? message).split('\n')) expect(line).toMatch(new RegExp(factNames.join('|'), 'i'))
      }
    }),
    { numRuns: 2000 },
  )
  expect(complete).toBeGreaterThan(200)
})

test('what a size and number of cpus leave open is filled in so that there is a recommendation', () => {
  const machine = fc.record({
    // Less is too little for a pooler and three replicas, and refused as such.
    memory: fc
      .double({ min: Math.log2(512 * MB), max: Math.log2(64 * TB), noNaN: true })
      .map((power) => Math.floor(2 ** power)),
    cpus: fc.oneof(fc.integer({ min: 1, max: 256 }), fc.double({ min: 0.1, max: 1, noNaN: true })),
    workload: fc.constantFrom(...workloadKinds),
    postgres: fc.constantFrom(...versions),
    storage: fc.constantFrom(...storages),
    build: fc.constantFrom(...builds.map(({ name }) => name)),
    pooled: fc.boolean(),
    pitr: fc.boolean(),
    replicas: fc.nat(3),
    rows: fc.nat(10_000_000),
  })
  fc.assert(
    fc.property(machine, (facts) => {
      const { memory } = recommend(gatherFacts([{ origin: 'any', facts }]).facts)
      expect(memory.worstCase).toBeLessThanOrEqual(memory.limit - memory.reserve)
    }),
    { numRuns: 1000 },
  )
})

test('more memory never leads to fewer connections by default', () => {
  const connections = (memory: number): number =>
    gatherFacts([{ origin: 'any', facts: { memory, cpus: 8 } }]).facts.workload.connections
  const sizes = Array.from({ length: 100 }, (_, index) => Math.floor(GB * 1.12 ** index)).filter(
    (each) => each < 64 * TB,
  )
  const all = sizes.map(connections)
  expect(all).toEqual([...all].sort((a, b) => a - b))
})
