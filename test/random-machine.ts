import {
  builds,
  type FactName,
  type GivenFacts,
  gatherFacts,
  PolicyError,
  type Recommendation,
  recommend,
  type ServerFacts,
} from '@athena-pg/policy'
import fc from 'fast-check'

/** ATHENA_SEED repeats a run, or tries another one. */
export const seed = Number(process.env.ATHENA_SEED ?? 20_261_124)

const MB = 2 ** 20
const TB = 2 ** 40

/** Small and large ones alike: half of them below the geometric mean. */
function logarithmic(least: number, most: number): fc.Arbitrary<number> {
  const exponents = { min: Math.log2(least), max: Math.log2(most), noNaN: true }
  return fc.double(exponents).map((exponent) => Math.min(Math.max(2 ** exponent, least), most))
}

const whole = (least: number, most: number) => logarithmic(least, most).map(Math.round)
/** As machines have it, and as cgroup limits may: to the byte. */
const memory = fc.oneof(
  whole(256, 4 * 2 ** 20).map((size) => size * MB),
  fc.integer({ min: 8, max: 22 }).map((exponent) => 2 ** exponent * MB),
  whole(256 * MB, 4 * TB),
)
const cpus = fc.oneof(
  whole(1, 256),
  logarithmic(0.1, 256).map((each) => Number(each.toFixed(2))),
)
/** Docker's default, and what one may give it. */
const sharedMemory = fc.oneof(
  fc.constant(64 * MB),
  whole(32, 65_536).map((size) => size * MB),
)
const pgvector = fc.constantFrom(
  '0.4.4',
  '0.5.1',
  '0.6.2',
  '0.7.4',
  '0.8.0',
  '0.8.1',
  '0.8.2',
  '0.8.3',
  '0.8.4',
  '0.8.7',
)

/** Facts as a user may tell them, from 256 MB to 4 TB and from a tenth of a cpu to 256. */
const told: fc.Arbitrary<GivenFacts> = fc
  .record(
    {
      memory,
      cpus,
      storage: fc.constantFrom('hdd', 'ssd', 'nvme', 'network'),
      hugePages: fc.boolean(),
      sharedMemory,
      walDisk: whole(1024, 4 * 2 ** 20).map((size) => size * MB),
      postgres: fc.constantFrom(14, 15, 16, 17, 18),
      build: fc.constantFrom(...builds.map(({ name }) => name)),
      pgvector,
      tls: fc.boolean(),
      workload: fc.constantFrom('agent-memory', 'web', 'oltp', 'dw', 'mixed', 'desktop'),
      connections: whole(5, 500),
      active: whole(1, 200),
      pooled: fc.boolean(),
      processes: whole(1, 64),
      poolSize: whole(1, 100),
      replicas: fc.integer({ min: 0, max: 20 }),
      pitr: fc.boolean(),
      rows: whole(1, 1e9),
      dimensions: fc.oneof(fc.constantFrom(384, 768, 1024, 1536, 3072), whole(1, 4000)),
      embeddingType: fc.constantFrom('vector', 'halfvec', 'bit'),
      growth: whole(1, 1e7),
      partitions: fc.integer({ min: 0, max: 8 }).map((exponent) => 2 ** exponent),
      listen: fc.constantFrom('*', 'localhost', '10.0.0.1, ::1'),
    } satisfies Partial<Record<FactName | 'tls', unknown>>,
    { requiredKeys: ['memory', 'cpus', 'storage', 'postgres', 'workload'] },
  )
  .map(({ tls, ...facts }) => ({
    ...facts,
    ...(tls && { tlsCertificate: '/etc/ssl/server.crt', tlsKey: "/etc/ssl/it's.key", tlsAuthority: '/etc/ssl/ca.crt' }),
  }))

/** undefined: the facts contradict each other, and are refused as such. */
function gathered(facts: GivenFacts): ServerFacts | undefined {
  try {
    return gatherFacts([{ origin: 'random', facts }]).facts
  } catch (error) {
    if (error instanceof PolicyError && error.code === 'impossible_facts') return undefined
    throw error
  }
}

/** Facts that a server can have; whether there is a safe configuration for them is another question. */
export const machines: fc.Arbitrary<ServerFacts> = told.map(gathered).filter((facts) => facts !== undefined)

/** undefined: too small for what is asked of it. */
export function tried(facts: ServerFacts): Recommendation | undefined {
  try {
    return recommend(facts)
  } catch (error) {
    const isTooSmall = error instanceof PolicyError && /^(memory_too_small|too_few_connections)$/.test(error.code)
    if (isTooSmall) return undefined
    throw error
  }
}
