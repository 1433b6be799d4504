import { sizeText } from '../text/size-text.ts'
import { GB, MB, TB } from '../units.ts'
import { builds } from './builds.ts'
import { embeddingTypes, storages, versions, workloadKinds } from './choices.ts'
import { contradictions } from './contradictions.ts'
import type { ToldFacts } from './default-facts.ts'
import type { FactFault } from './fact-fault.ts'
import type { FactName } from './given-facts.ts'

/** Everything that no server can have, or that contradicts itself. */
export function factFaults(told: ToldFacts): FactFault[] {
  const alone = [...ranges(told), ...choices(told), ...forms(told)]
  // What is wrong by itself contradicts others as well, which need not be said.
  const broken = new Set(alone.flatMap(({ names }) => names))
  return [...alone, ...contradictions(told).filter(({ names }) => !names.some((name) => broken.has(name)))]
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
function* ranges(told: ToldFacts): Generator<FactFault> {
  for (const [name, [least, most]] of Object.entries(sizes)) {
    const given = told[name as keyof typeof sizes]
    if (given === undefined || (given >= least && given <= most)) continue
    yield {
      names: [name as FactName],
      fault: `${name} ${shown(given)} is not from ${sizeText(least)} to ${sizeText(most)}`,
    }
  }
  for (const [name, [least, most]] of Object.entries(counts)) {
    const given = told[name as keyof typeof counts]
    if (given === undefined || (Number.isSafeInteger(given) && given >= least && given <= most)) continue
    yield { names: [name as FactName], fault: `${name} ${given} is not a whole number from ${least} to ${most}` }
  }
  // A quota is at least a hundredth: cpu.max takes no less than 1 ms of 100 ms.
  if (!(told.cpus >= 0.01 && told.cpus <= 1024))
    yield { names: ['cpus'], fault: `cpus ${told.cpus} is not from 0.01 to 1024` }
}

function shown(bytes: number): string {
  return Number.isFinite(bytes) && bytes >= 1024 ? sizeText(bytes) : `${bytes} bytes`
}

function* choices(told: ToldFacts): Generator<FactFault> {
  yield* choice('storage', told.storage, storages)
  yield* choice('postgres', told.postgres, versions)
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

function* choice<T>(name: FactName, given: T, known: readonly T[]): Generator<FactFault> {
  if (!known.includes(given)) yield { names: [name], fault: `${name} ${given} is not one of ${known.join(', ')}` }
}

function* forms(told: ToldFacts): Generator<FactFault> {
  if (told.pgvector !== undefined && !/^\d{1,3}\.\d{1,3}(\.\d{1,3})?$/.test(told.pgvector)) {
    yield {
      names: ['pgvector'],
      fault: `pgvector "${told.pgvector}" is not a version`,
      hint: 'For example 0.8.7: SELECT extversion FROM pg_extension.',
    }
  }
  for (const name of ['tlsCertificate', 'tlsKey', 'tlsAuthority'] as const) {
    const path = told[name]
    // A line break would end the setting in a postgresql.conf.
    // biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what is looked for
    if (path !== undefined && !/^[^\u0000-\u001f\u007f]+$/.test(path)) {
      yield { names: [name], fault: `${name} ${JSON.stringify(path)} is not the path of a file` }
    }
  }
}
