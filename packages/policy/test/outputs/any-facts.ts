import { PolicyError, type Recommendation, recommend, type ServerFacts } from '@athena-pg/policy'
import fc from 'fast-check'
import { GB, MB } from '../../src/units.ts'
import { machine } from '../machine.ts'

/** Machines of all sizes, versions and workloads, without regard to whether they make sense together. */
const anyFacts: fc.Arbitrary<ServerFacts> = fc
  .record({
    memory: fc.oneof(
      fc.integer({ min: 512, max: 4096 }),
      fc.integer({ min: 4, max: 2048 }).map((each) => each * 1024),
    ),
    cpus: fc.integer({ min: 1, max: 128 }),
    storage: fc.constantFrom('hdd', 'ssd', 'nvme', 'network'),
    hugePages: fc.boolean(),
    version: fc.constantFrom(14, 15, 16, 17, 18),
    pooled: fc.boolean(),
    connections: fc.integer({ min: 20, max: 500 }),
    processes: fc.integer({ min: 1, max: 12 }),
    replicas: fc.integer({ min: 0, max: 5 }),
    pitr: fc.boolean(),
    listen: fc.option(fc.constantFrom('*', 'localhost, 10.0.0.1'), { nil: undefined }),
    tls: fc.option(
      path().map((each) => ({ certificate: each, key: `${each}.key` })),
      { nil: undefined },
    ),
    kind: fc.constantFrom('agent-memory', 'web', 'oltp', 'dw', 'mixed', 'desktop'),
    rows: fc.option(fc.integer({ min: 0, max: 100_000_000 }), { nil: undefined }),
  })
  .map(({ memory, version, kind, pooled, connections, processes, replicas, pitr, rows, listen, tls, ...rest }) =>
    machine({
      ...rest,
      memory: memory * MB,
      version: version as ServerFacts['postgres']['version'],
      ...(listen !== undefined && { listen }),
      ...(tls !== undefined && { tls }),
      workload: {
        kind: kind as ServerFacts['workload']['kind'],
        pooled,
        connections,
        active: pooled ? Math.max(4, Math.floor(connections / 3)) : connections,
        processes,
        replicas,
        pitr,
        ...(rows !== undefined && { rows }),
      },
    } as Parameters<typeof machine>[0]),
  )

/** What somebody may name a file: with blanks, quotes, backslashes and letters of any language. */
function path(): fc.Arbitrary<string> {
  return fc.string({ unit: 'grapheme', minLength: 1, maxLength: 20 }).map((each) => `/etc/tls/${each}`)
}

/** Recommendations for all that fits into its memory and connections. */
export const anyRecommendation: fc.Arbitrary<Recommendation> = anyFacts
  .map((facts) => {
    try {
      return recommend(facts)
    } catch (error) {
      if (error instanceof PolicyError) return undefined
      throw error
    }
  })
  .filter((each) => each !== undefined)

/** A middling server, `changes` on top. */
export function recommended(changes: Parameters<typeof machine>[0] = {}): Recommendation {
  return recommend(machine(changes))
}

/** Behind PgBouncer. */
export const pooled = { workload: { connections: 100, active: 40, pooled: true, processes: 4 } } as const
export const large = { memory: 64 * GB, cpus: 16 } as const
