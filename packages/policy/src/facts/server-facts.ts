/** Major versions that the policy knows. */
export type PostgresVersion = 14 | 15 | 16 | 17 | 18
export type Storage = 'hdd' | 'ssd' | 'nvme' | 'network'
export type WorkloadKind = 'agent-memory' | 'web' | 'oltp' | 'dw' | 'mixed' | 'desktop'
export type EmbeddingType = 'vector' | 'halfvec' | 'bit'

/** What a build of PostgreSQL accepts: the same version differs between builds. */
export interface Capabilities {
  /** Of wal_compression: `pglz`, `lz4`, `zstd`; from PostgreSQL 15 on, 14 only knows on and off. */
  readonly walCompression: readonly string[]
  /** Of default_toast_compression: `pglz`, `lz4`. */
  readonly toastCompression: readonly string[]
  /** Of io_method, from PostgreSQL 18 on: `sync`, `worker`, `io_uring`. */
  readonly ioMethod: readonly string[]
  /** Libraries that shared_preload_libraries may name: `pg_stat_statements`. */
  readonly libraries: readonly string[]
}

export interface Workload {
  readonly kind: WorkloadKind
  /** Sessions that applications, or the pooler in front of them, may open at the server. */
  readonly connections: number
  /** Sessions that execute a statement at the same time, at worst; at most `connections`. */
  readonly active: number
  /** Whether PgBouncer stands in front, on the same machine, in transaction mode. */
  readonly pooled: boolean
  /** Application processes, each with a pool of its own. */
  readonly processes: number
  /** Most connections in the pool of one process; undefined: derived. */
  readonly poolSize?: number
  readonly replicas: number
  /** Whether WAL is archived for point-in-time recovery. */
  readonly pitr: boolean
  /** Memories in the store, now or planned. */
  readonly rows?: number
  readonly dimensions: number
  readonly embeddingType: EmbeddingType
  /** New memories a day. */
  readonly growth?: number
  /** Hash partitions of memories, each with an index of its own. */
  readonly partitions: number
}

/** What the policy knows of a server. Bytes are numbers of bytes. */
export interface ServerFacts {
  /** Memory that PostgreSQL and all its sessions may use: the container's limit, else the machine's. */
  readonly memory: number
  /** A quota may be a fraction: 0.5. */
  readonly cpus: number
  /** Size of /dev/shm; undefined: not limited below `memory`. */
  readonly sharedMemory?: number
  readonly storage: Storage
  /** Size of the file system that pg_wal is on. */
  readonly walDisk?: number
  /** Whether the host has huge pages set aside for this server. */
  readonly hugePages: boolean
  readonly postgres: {
    readonly version: PostgresVersion
    readonly capabilities: Capabilities
    /** What shared_preload_libraries of the running server names already, in its order. */
    readonly preload: readonly string[]
  }
  /** listen_addresses; undefined: the default, this machine only. */
  readonly listen?: string
  /** `0.8.0`; undefined: no pgvector, or unknown. */
  readonly pgvector?: string
  /** Paths on the server; undefined: no TLS. */
  readonly tls?: { readonly certificate: string; readonly key: string; readonly authority?: string }
  readonly workload: Workload
}
