import type { EmbeddingType } from '../server-facts.ts'
import { GB, MB, sizeText, TB } from '../values.ts'
import { builds } from './builds.ts'
import { embeddingTypes, storages, versions, workloadKinds } from './choices.ts'
import { lacksHalfvec, reservedConnections, type ToldFacts } from './default-facts.ts'

export interface FactFault {
  readonly fault: string
  /** What to change. */
  readonly hint?: string
}

/** Everything that no server can have, or that contradicts itself. */
export function factFaults(told: ToldFacts): FactFault[] {
  const alone = [...range(told), ...choices(told), ...forms(told)]
  // What is wrong by itself would only be said again.
  return alone.length > 0 ? alone : [...contradictions(told)]
}

/** Least and most of each. */
const sizes = {
  // Below, PostgreSQL's own processes and a session or two are all that fits; above, no machine was ever seen.
  memory: [256 * MB, 64 * TB],
  sharedMemory: [1 * MB, 64 * TB],
  // The default max_wal_size.
  walDisk: [1 * GB, 1024 * TB],
} as const
const counts = {
  // 3 are reserved for superusers. MAX_BACKENDS is 262143, workers and WAL senders included.
  connections: [5, 260_000],
  active: [1, 260_000],
  processes: [1, 100_000],
  poolSize: [1, 260_000],
  // max_wal_senders and slots go up to 262143; no primary feeds more than some tens by itself.
  replicas: [0, 100],
  rows: [0, 1e12],
  growth: [0, 1e12],
  dimensions: [1, 64_000],
  // Of project_partitions in @athena-pg/schema.
  partitions: [1, 256],
} as const
/** Of an HNSW index: README of pgvector. */
const mostDimensions: Readonly<Record<EmbeddingType, number>> = { vector: 2000, halfvec: 4000, bit: 64_000 }

function* range(told: ToldFacts): Generator<FactFault> {
  for (const [name, [least, most]] of Object.entries(sizes)) {
    const given = told[name as keyof typeof sizes]
    if (given === undefined || (given >= least && given <= most)) continue
    yield { fault: `${name} ${shown(given)} is not from ${sizeText(least)} to ${sizeText(most)}` }
  }
  for (const [name, [least, most]] of Object.entries(counts)) {
    const given = told[name as keyof typeof counts]
    if (given === undefined || (Number.isSafeInteger(given) && given >= least && given <= most)) continue
    yield { fault: `${name} ${given} is not a whole number from ${least} to ${most}` }
  }
  // A quota is at least a hundredth: cpu.max takes no less than 1 ms of 100 ms.
  if (!(told.cpus >= 0.01 && told.cpus <= 1024)) yield { fault: `cpus ${told.cpus} is not from 0.01 to 1024` }
}

function shown(bytes: number): string {
  return Number.isFinite(bytes) && bytes > 0 ? sizeText(bytes) : String(bytes)
}

function* choices(told: ToldFacts): Generator<FactFault> {
  yield* choice('storage', told.storage, storages)
  yield* choice('PostgreSQL version', told.postgres, versions)
  yield* choice('workload', told.workload, workloadKinds)
  yield* choice('embeddingType', told.embeddingType, embeddingTypes)
  if (typeof told.build === 'string') {
    yield* choice(
      'build',
      told.build,
      builds.map(({ name }) => name),
    )
  }
}

function* choice<T>(name: string, given: T, known: readonly T[]): Generator<FactFault> {
  if (!known.includes(given)) yield { fault: `${name} ${given} is not one of ${known.join(', ')}` }
}

function* forms(told: ToldFacts): Generator<FactFault> {
  if (told.pgvector !== undefined && !/^\d{1,3}\.\d{1,3}(\.\d{1,3})?$/.test(told.pgvector)) {
    yield {
      fault: `pgvector "${told.pgvector}" is not a version`,
      hint: 'For example 0.8.7: SELECT extversion FROM pg_extension.',
    }
  }
  for (const name of ['tlsCertificate', 'tlsKey', 'tlsAuthority'] as const) {
    const path = told[name]
    // A line break would end the setting in a postgresql.conf.
    // biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what is looked for
    if (path !== undefined && !/^[^\u0000-\u001f\u007f]+$/.test(path)) {
      yield { fault: `${name} ${JSON.stringify(path)} is not the path of a file` }
    }
  }
}

function* contradictions(told: ToldFacts): Generator<FactFault> {
  const { memory, sharedMemory, connections, active, pooled, processes, poolSize } = told
  if (sharedMemory !== undefined && sharedMemory > memory) {
    yield {
      fault: `sharedMemory ${sizeText(sharedMemory)} is more than memory ${sizeText(memory)}`,
      hint: 'What is in /dev/shm counts as memory: lower sharedMemory.',
    }
  }
  if (active > connections) {
    yield {
      fault: `active ${active} is more than connections ${connections}`,
      hint: `Lower active to ${connections}, or raise connections.`,
    }
  }
  const usable = connections - reservedConnections
  const wanted = processes * (poolSize ?? 1)
  if (!pooled && wanted > usable) {
    const pools =
      poolSize === undefined ? `${processes} processes need` : `${processes} processes x poolSize ${poolSize} =`
    yield {
      fault: `${pools} ${wanted} connections, and only ${usable} of ${connections} are for applications`,
      hint: `Lower processes or poolSize, raise connections to ${wanted + reservedConnections}, or put a pooler in front: pooled.`,
    }
  }
  const limit = mostDimensions[told.embeddingType]
  if (told.dimensions > limit) {
    yield {
      fault: `${told.embeddingType} of ${told.dimensions} dimensions: pgvector indexes at most ${limit}`,
      hint: dimensionHint(told),
    }
  }
  if (told.embeddingType !== 'vector' && lacksHalfvec(told)) {
    yield {
      fault: `pgvector ${told.pgvector} cannot index ${told.embeddingType}`,
      hint: 'halfvec and indexes of bit came with 0.7.0: upgrade, or take vector.',
    }
  }
  if (told.tlsCertificate === undefined ? told.tlsKey !== undefined : told.tlsKey === undefined) {
    const [there, lacks] = told.tlsKey === undefined ? ['tlsCertificate', 'tlsKey'] : ['tlsKey', 'tlsCertificate']
    yield { fault: `${there} is given without ${lacks}`, hint: 'TLS needs both: the certificate and its key.' }
  } else if (told.tlsAuthority !== undefined && told.tlsKey === undefined) {
    yield {
      fault: 'tlsAuthority is given without tlsCertificate and tlsKey',
      hint: 'Client certificates are checked over TLS only: give the server a certificate and its key.',
    }
  }
}

function dimensionHint({ dimensions }: ToldFacts): string {
  if (dimensions <= mostDimensions.halfvec) return 'Take halfvec.'
  return 'Take bit (binary quantization), or a model with fewer dimensions.'
}
