import { directConnections, sessionPool, usableOf } from '../connections/usable-connections.ts'
import { clamp } from '../rounding.ts'
import { sizeText } from '../text/size-text.ts'
import { MB } from '../units.ts'
import type { GivenFacts } from './given-facts.ts'
import type { PostgresVersion, WorkloadKind } from './server-facts.ts'

/** Memory of a session with its share of sorts, below which more sessions only wait for each other. */
const memoryPerConnection: number = 80 * MB
const leastConnections = 6
/** Beyond, a pooler does better than more sessions; those of dw and desktop are few and heavy. */
const mostConnections: Readonly<Record<WorkloadKind, number>> = {
  'agent-memory': 100,
  web: 200,
  oltp: 200,
  dw: 40,
  mixed: 100,
  desktop: 20,
}

interface Asking {
  readonly kind: WorkloadKind
  readonly pooled: boolean
  readonly processes: number
  readonly postgres: PostgresVersion
  /** More are not asked for, but where pools were told. */
  readonly most: number | undefined
}

/** The pool of a pooler, else max_connections. */
export function defaultSessions(
  { memory = 0, cpus = 0, connections, poolSize = 1 }: GivenFacts,
  { kind, pooled, processes, postgres, most = Number.POSITIVE_INFINITY }: Asking,
): { readonly count: number; readonly rule: string } {
  const lowered = most === Number.POSITIVE_INFINITY ? '' : '; lowered to what memory allows'
  const byKind = mostConnections[kind] ?? 100
  const byMemory = Math.floor(memory / memoryPerConnection)
  if (pooled) {
    const room = connections === undefined ? Math.min(byMemory, 4 * byKind) : poolOf(connections, postgres)
    const count = clamp(Math.ceil(4 * cpus), 1, Math.max(1, Math.min(room, most)))
    return { count, rule: `4 for each cpu, the size of the pool${lowered}` }
  }
  const own = Math.min(clamp(byMemory, leastConnections, byKind), most)
  const byPools = connectionsFor(processes * poolSize, postgres)
  if (byPools > own) {
    return { count: byPools, rule: `${processes} x ${poolSize} in pools, and ${byPools - processes * poolSize} beside` }
  }
  const range = `${leastConnections} to ${byKind} for ${kind}`
  return { count: own, rule: `one for each ${sizeText(memoryPerConnection)}, ${range}${lowered}` }
}

/** What connections leave to the pool. */
function poolOf(connections: number, version: PostgresVersion): number {
  const usable = usableOf(connections, version)
  return usable - sessionPool - directConnections(usable)
}

/** The fewest that leave so many to pools, beside what is reserved and what is for migrations, monitoring and people: see advisePools. */
export function connectionsFor(pools: number, version: PostgresVersion): number {
  // Beside them 4 to 10; what is no number of pools is for factFaults to refuse.
  for (let beside = 4; beside < 10; beside++) {
    const usable = usableOf(pools + beside, version)
    if (usable - directConnections(usable) >= pools) return pools + beside
  }
  return pools + 10
}
