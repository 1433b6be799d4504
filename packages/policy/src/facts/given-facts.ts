import type { Capabilities, EmbeddingType, PostgresVersion, Storage, WorkloadKind } from './server-facts.ts'

/** Facts as somebody tells them: flat, and any may be missing. Names are those of the flags and of a profile file, in camelCase. */
export interface GivenFacts {
  readonly memory?: number
  readonly cpus?: number
  readonly sharedMemory?: number
  readonly storage?: Storage
  readonly walDisk?: number
  readonly hugePages?: boolean
  readonly postgres?: PostgresVersion
  /** Named build, `debian`, or what was read off a server. */
  readonly build?: string | Capabilities
  /** What the server loads already. */
  readonly preload?: readonly string[]
  readonly listen?: string
  readonly pgvector?: string
  readonly tlsCertificate?: string
  readonly tlsKey?: string
  readonly tlsAuthority?: string
  readonly workload?: WorkloadKind
  readonly connections?: number
  readonly active?: number
  readonly pooled?: boolean
  readonly processes?: number
  readonly poolSize?: number
  readonly replicas?: number
  readonly pitr?: boolean
  readonly rows?: number
  readonly dimensions?: number
  readonly embeddingType?: EmbeddingType
  readonly growth?: number
  readonly partitions?: number
}

export type FactName = keyof GivenFacts

/** Facts with where they come from: `flag`, `profile medium`, `/sys/fs/cgroup/memory.max`, `server`. */
export interface FactSource {
  readonly origin: string | Readonly<Partial<Record<FactName, string>>>
  readonly facts: GivenFacts
}
