import { sessionPool } from '../connections/usable-connections.ts'
import { lacksHalfvec } from '../vectors/pgvector-faults.ts'
import { connectionsFor, defaultSessions } from './default-sessions.ts'
import type { FactName, GivenFacts } from './given-facts.ts'

/** Facts without a default: a server may do without them. */
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
] as const

/** Facts once defaults have been filled in. */
export type ToldFacts = GivenFacts & Required<Omit<GivenFacts, (typeof untold)[number]>>

/**
 * Fills in what nobody told; notes where it comes from in `origins`. `memory` and `cpus` are there.
 * @param most sessions that a default may ask for: those in the pool of a pooler, else connections
 */
export function withDefaults(given: GivenFacts, origins: Map<FactName, string>, most?: number): ToldFacts {
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
  fill('storage', 'ssd', 'ssd, as nearly all servers have')
  const postgres = fill('postgres', 18, 'the newest version that is known')
  fill('build', 'unknown', 'only what every build accepts')
  fill('preload', [], 'nothing yet')
  fill('hugePages', false, 'none set aside')
  const kind = fill('workload', 'agent-memory', 'what athena is for')
  const pooled = fill('pooled', false, 'no pooler')
  const processes = fill('processes', 1, 'one')
  const sessions = defaultSessions(given, { kind, pooled, processes, postgres, most })
  if (pooled) {
    const active = fill('active', sessions.count, sessions.rule)
    const connections = connectionsFor(active + sessionPool, postgres)
    fill('connections', connections, `the pool of ${active}, and ${connections - active} beside it`)
  } else fill('active', fill('connections', sessions.count, sessions.rule), 'as connections: no pooler limits them')
  fill('replicas', 0, 'none')
  fill('pitr', false, 'no archive')
  fill('dimensions', 768, 'as athena.config.json has them by default')
  fill(
    'embeddingType',
    lacksHalfvec(given.pgvector) ? 'vector' : 'halfvec',
    lacksHalfvec(given.pgvector)
      ? `pgvector ${given.pgvector} has no halfvec`
      : 'half the size, nearly the same index recall',
  )
  fill('partitions', 8, 'as athena.config.json has them by default')
  for (const name of untold) fill(name, undefined, 'not told')
  return told as unknown as ToldFacts
}
