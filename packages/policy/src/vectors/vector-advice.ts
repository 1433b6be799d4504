import type { EmbeddingType } from '../facts/server-facts.ts'

/** What to do for the vector index of `memories`. Bytes are numbers of bytes, times milliseconds; "per partition" is per hash partition. */
export interface VectorAdvice {
  /** exact: no vector index is worth having. */
  readonly index: 'exact' | 'hnsw' | 'ivfflat'
  readonly indexReason: string
  /** What the index holds: the embeddings' own type, or `bit` for binary quantisation with re-ranking by the embeddings. */
  readonly indexedType: EmbeddingType
  /** The column's type: what the facts say, unless pgvector cannot index that. */
  readonly embeddingType: EmbeddingType
  readonly embeddingReason: string
  /** HNSW: m, ef_construction, hnsw.*; IVFFlat: lists, ivfflat.*. Dotted names are settings, the others options of the index. */
  readonly parameters: readonly { readonly name: string; readonly value: number | string; readonly reason: string }[]
  readonly build: VectorBuild
  /** On disk, all partitions together; undefined: rows unknown. `rows` are those of `memories`. */
  readonly size?: { readonly hnsw: number; readonly ivfflat: number; readonly rows: number; readonly reason: string }
}

/** The session that builds an HNSW index, partition after partition. */
export interface VectorBuild {
  /** Memory one row takes while an HNSW index is built. */
  readonly bytesPerRow: number
  /** Rows reckoned with in the largest partition; undefined: rows unknown. */
  readonly largestPartition?: number
  /** maintenance_work_mem with which the largest partition does not spill; undefined: rows unknown. */
  readonly needed?: number
  /** maintenance_work_mem of the building session. */
  readonly maintenanceWorkMem: number
  /** max_parallel_maintenance_workers of the building session; the leader works as well. */
  readonly parallelWorkers: number
  /** Rows per partition from which on a build with this memory spills and gets slow. */
  readonly spillsAtRows: number
  /** Least size of /dev/shm for it: docker's shm_size. */
  readonly sharedMemory: number
  /** Estimate for all partitions on an idle machine; undefined: rows unknown. */
  readonly duration?: number
  readonly reason: string
  /** What would let the largest partition fit, each with its numbers; empty where it does. */
  readonly proposals: readonly BuildProposal[]
}

export interface BuildProposal {
  readonly change: 'halfvec' | 'partitions' | 'memory' | 'maintenance window'
  readonly text: string
}
