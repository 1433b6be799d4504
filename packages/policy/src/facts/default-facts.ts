import type { FactName, GivenFacts } from '../given-facts.ts'
import type { WorkloadKind } from '../server-facts.ts'
import { directConnections, sessionPool } from '../usable-connections.ts'
import { clamp, MB, sizeText } from '../values.ts'

/** Facts that are there once defaults have been filled in. */
export type ToldFacts = GivenFacts & Required<Omit<GivenFacts, OptionalFact>>
type OptionalFact =
  | 'sharedMemory'
  | 'listen'
  | 'walDisk'
  | 'pgvector'
  | 'tlsCertificate'
  | 'tlsKey'
  | 'tlsAuthority'
  | 'poolSize'
  | 'rows'
  | 'growth'

/** Memory of a session with its share of sorts, below which more sessions only wait for each other. */
const memoryPerConnection: number = 80 * MB
/** Pool sizes beyond which a pooler does better than more sessions; those of dw and desktop are few and heavy. */
const mostConnections: Readonly<Record<WorkloadKind, number>> = {
  'agent-memory': 100,
  web: 200,
  oltp: 200,
  dw: 40,
  mixed: 100,
  desktop: 20,
}
/** Beside application pools: 5 for migrations, monitoring and people, 5 reserved. See pools.ts. */
const besidePools = 10

/** Fills in what nobody told; notes where it comes from in `origins`. `memory` and `cpus` are there. */
export function withDefaults(given: GivenFacts, origins: Map<FactName, string>): ToldFacts {
  const told: Record<string, unknown> = { ...given }
  function fill<Name extends FactName>(
    name: Name,
    value: GivenFacts[Name],
    rule: string,
  ): NonNullable<GivenFacts[Name]> {
    if (told[name] === undefined) {
      if (value !== undefined) told[name] = value
      if (!origins.has(name)) origins.set(name, `default: ${rule}`)
    }
    return told[name] as NonNullable<GivenFacts[Name]>
  }
  const { memory = 0, cpus = 0 } = given

  fill('storage', 'ssd', 'ssd, as nearly all servers have')
  const postgres = fill('postgres', 18, 'the newest version that is known')
  fill('build', 'unknown', 'only what every build accepts')
  fill('preload', [], 'nothing yet')
  fill('hugePages', false, 'none set aside')
  const kind = fill('workload', 'agent-memory', 'what athena is for')
  const pooled = fill('pooled', false, 'no pooler')
  const processes = fill('processes', 1, 'one')
  const byMemory = clamp(Math.floor(memory / memoryPerConnection), 6, mostConnections[kind] ?? 100)
  const [byPools, poolsRule] = pooled
    ? [(given.active ?? Math.ceil(4 * cpus)) + besidePools + sessionPool, 'the pool']
    : [processes * (given.poolSize ?? 1) + besidePools, `${processes} processes x ${given.poolSize ?? 1}`]
  // A pool is as large as the cores want it, if the memory is enough for it.
  const fewer =
    pooled && given.active === undefined ? Math.min(byPools, Math.floor(memory / memoryPerConnection)) : byPools
  const connections = fill(
    'connections',
    pooled ? Math.max(fewer, 6) : Math.max(byMemory, byPools),
    pooled || byPools > byMemory
      ? `${poolsRule}, and ${pooled ? besidePools + sessionPool : besidePools} beside`
      : `one for each ${sizeText(memoryPerConnection)}, 6 to ${mostConnections[kind]} for ${kind}`,
  )
  if (pooled) {
    const active = clamp(Math.ceil(4 * cpus), 1, Math.max(1, mostPooled(connections, postgres)))
    fill('active', active, '4 for each cpu: the size of the pool')
  } else fill('active', connections, 'as many as connections: no pooler limits them')
  fill('replicas', 0, 'none')
  fill('pitr', false, 'no archive')
  fill('dimensions', 768, 'as athena.config.json has them by default')
  fill(
    'embeddingType',
    lacksHalfvec(given) ? 'vector' : 'halfvec',
    lacksHalfvec(given) ? `pgvector ${given.pgvector} has no halfvec` : 'half the size, nearly the same index recall',
  )
  fill('partitions', 8, 'as athena.config.json has them by default')
  for (const name of untold) fill(name, undefined, 'not told')
  return told as unknown as ToldFacts
}

/** What is left for the pool beside the session pool, what goes around the pooler and what is reserved: see pools.ts. */
function mostPooled(connections: number, version: number): number {
  const usable = connections - 3 - (connections >= 50 && version >= 16 ? 2 : 0)
  return usable - sessionPool - directConnections(usable)
}

/** pgvector before 0.7.0. */
export function lacksHalfvec({ pgvector }: GivenFacts): boolean {
  return /^0\.[0-6](\.|$)/.test(pgvector ?? '')
}

const untold = [
  'sharedMemory',
  'listen',
  'walDisk',
  'pgvector',
  'tlsCertificate',
  'tlsKey',
  'tlsAuthority',
  'poolSize',
  'rows',
  'growth',
] as const satisfies readonly OptionalFact[]
