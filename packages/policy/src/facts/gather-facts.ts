import { fits } from '../memory/fits.ts'
import { PolicyError } from '../policy-error.ts'
import { builds, unknownBuild } from './builds.ts'
import { type ToldFacts, withDefaults } from './default-facts.ts'
import type { FactFault } from './fact-fault.ts'
import { factFaults } from './fact-faults.ts'
import { factNames } from './fact-parsers.ts'
import type { FactName, FactSource, GivenFacts } from './given-facts.ts'
import type { Capabilities, ServerFacts } from './server-facts.ts'

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
  const first = withOrigins(given, origins)
  const faults = faultsOfGiven(first)
  if (faults.length > 0) throw impossible(faults)
  const { told, origins: all } = fitting(given, origins, first)
  return { facts: serverFacts(told), origins: Object.fromEntries(all) as Record<FactName, string> }
}

interface Told {
  readonly told: ToldFacts
  readonly origins: ReadonlyMap<FactName, string>
}

function withOrigins(given: GivenFacts, origins: ReadonlyMap<FactName, string>, most?: number): Told {
  const own = new Map(origins)
  return { told: withDefaults(given, own, most), origins: own }
}

/** A default that follows from what is wrong is wrong as well, which need not be said. */
function faultsOfGiven({ told, origins }: Told): FactFault[] {
  const faults = factFaults(told)
  const given = faults.filter(({ names }) => names.some((name) => !origins.get(name)?.startsWith('default: ')))
  return given.length > 0 ? given : faults
}

/** Sessions that nobody asked for are no reason to refuse a server: as many as memory allows. Where none do, the first try explains it best. */
function fitting(given: GivenFacts, origins: ReadonlyMap<FactName, string>, first: Told): Told {
  const derived = first.told.pooled ? 'active' : 'connections'
  if (given[derived] !== undefined || fits(serverFacts(first.told))) return first
  let best: Told | undefined
  for (let [low, high] = [1, first.told[derived] - 1]; low <= high; ) {
    const most = Math.floor((low + high) / 2)
    const next = withOrigins(given, origins, most)
    if (fits(serverFacts(next.told))) {
      best = next
      low = most + 1
    } else high = most - 1
  }
  return best ?? first
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

function impossible(faults: readonly FactFault[]): PolicyError {
  const hints = [...new Set(faults.flatMap(({ hint }) => hint ?? []))]
  return new PolicyError({
    code: 'impossible_facts',
    message:
      faults.length === 1 ? 'no server can be like this' : `no server can be like this, for ${faults.length} reasons`,
    detail: faults.map(({ fault }) => fault).join('\n'),
    ...(hints.length > 0 && { hint: hints.join('\n') }),
  })
}

function serverFacts(told: ToldFacts): ServerFacts {
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

function capabilitiesOf({ build, postgres }: ToldFacts): Capabilities {
  if (typeof build === 'object') return build
  return (builds.find(({ name }) => name === build) ?? unknownBuild).capabilities(postgres)
}
