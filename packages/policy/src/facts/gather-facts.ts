import type { FactName, FactSource, GivenFacts } from '../given-facts.ts'
import { PolicyError } from '../policy-error.ts'
import type { Capabilities, ServerFacts } from '../server-facts.ts'
import { builds, unknownBuild } from './builds.ts'
import { withDefaults } from './default-facts.ts'
import { factFaults } from './fact-faults.ts'
import { factNames } from './fact-names.ts'

export interface GatheredFacts {
  readonly facts: ServerFacts
  /** Of every fact: `--memory`, `profile medium`, `default: …` with the rule in a few words. */
  readonly origins: Readonly<Record<FactName, string>>
}

/**
 * Joins what several sources tell: of each fact the first one that tells it counts, then the default.
 * @throws PolicyError `missing_fact`; `impossible_facts`, each fault on a line of its detail
 */
export function gatherFacts(sources: readonly FactSource[]): GatheredFacts {
  const { given, origins } = joined(sources)
  const missing = (['memory', 'cpus'] as const).filter((name) => given[name] === undefined)
  if (missing.length > 0) throw missingFact(missing)
  const told = withDefaults(given, origins)
  const faults = factFaults(told)
  if (faults.length > 0) throw impossible(faults)
  return { facts: serverFacts(told), origins: Object.fromEntries(origins) as Record<FactName, string> }
}

function joined(sources: readonly FactSource[]): { given: GivenFacts; origins: Map<FactName, string> } {
  const given: Record<string, unknown> = {}
  const origins = new Map<FactName, string>()
  const ranks: Partial<Record<FactName, number>> = {}
  for (const [rank, { facts, origin }] of sources.entries()) {
    for (const name of factNames) {
      if (facts[name] === undefined || given[name] !== undefined) continue
      given[name] = facts[name]
      ranks[name] = rank
      origins.set(name, typeof origin === 'string' ? origin : (origin[name] ?? 'told'))
    }
  }
  leaveOutOfElsewhere(given, origins, ranks)
  return { given, origins }
}

/** A /dev/shm that was seen on one machine does not limit a memory that was told for another one. */
function leaveOutOfElsewhere(
  given: Record<string, unknown>,
  origins: Map<FactName, string>,
  ranks: Partial<Record<FactName, number>>,
): void {
  const { sharedMemory, memory } = given as GivenFacts
  if (sharedMemory === undefined || memory === undefined || sharedMemory <= memory) return
  if ((ranks.sharedMemory as number) <= (ranks.memory as number)) return
  origins.set('sharedMemory', `default: not limited; more than memory in ${origins.get('sharedMemory')}`)
  given.sharedMemory = undefined
}

function missingFact(missing: readonly string[]): PolicyError {
  return new PolicyError({
    code: 'missing_fact',
    message: `nothing tells the ${missing.map((name) => (name === 'cpus' ? 'number of cpus' : name)).join(' and the ')} of the server`,
    hint: `Give ${missing.map((name) => (name === 'cpus' ? '--cpus 8' : '--memory 16GB')).join(' ')}, or --detect for this machine, or --profile small, medium, large or xlarge.`,
  })
}

function impossible(faults: readonly { readonly fault: string; readonly hint?: string }[]): PolicyError {
  const hints = [...new Set(faults.flatMap(({ hint }) => hint ?? []))]
  return new PolicyError({
    code: 'impossible_facts',
    message:
      faults.length === 1 ? 'no server can be like this' : `no server can be like this, for ${faults.length} reasons`,
    detail: faults.map(({ fault }) => fault).join('\n'),
    ...(hints.length > 0 && { hint: hints.join('\n') }),
  })
}

function serverFacts(told: ReturnType<typeof withDefaults>): ServerFacts {
  return {
    memory: told.memory,
    cpus: told.cpus,
    ...(told.sharedMemory !== undefined && { sharedMemory: told.sharedMemory }),
    storage: told.storage,
    ...(told.walDisk !== undefined && { walDisk: told.walDisk }),
    hugePages: told.hugePages,
    postgres: { version: told.postgres, capabilities: capabilitiesOf(told), preload: told.preload },
    ...(told.listen !== undefined && { listen: told.listen }),
    ...(told.pgvector !== undefined && { pgvector: told.pgvector }),
    ...(told.tlsCertificate !== undefined &&
      told.tlsKey !== undefined && {
        tls: {
          certificate: told.tlsCertificate,
          key: told.tlsKey,
          ...(told.tlsAuthority !== undefined && { authority: told.tlsAuthority }),
        },
      }),
    workload: {
      kind: told.workload,
      connections: told.connections,
      active: told.active,
      pooled: told.pooled,
      processes: told.processes,
      ...(told.poolSize !== undefined && { poolSize: told.poolSize }),
      replicas: told.replicas,
      pitr: told.pitr,
      ...(told.rows !== undefined && { rows: told.rows }),
      dimensions: told.dimensions,
      embeddingType: told.embeddingType,
      ...(told.growth !== undefined && { growth: told.growth }),
      partitions: told.partitions,
    },
  }
}

function capabilitiesOf({ build, postgres }: ReturnType<typeof withDefaults>): Capabilities {
  if (typeof build === 'object') return build
  return (builds.find(({ name }) => name === build) ?? unknownBuild).capabilities(postgres)
}
