/** What to do for the vector index of `memories`. Bytes are numbers of bytes; "per partition" is per hash partition. */
export interface VectorAdvice {
  /** undefined: the number of rows was not told, or there is nothing to index. */
  readonly index: 'exact' | 'hnsw' | 'ivfflat'
  readonly indexReason: string
  readonly embeddingType: 'vector' | 'halfvec' | 'bit'
  readonly embeddingReason: string
  /** HNSW: m, ef_construction, hnsw.ef_search; IVFFlat: lists, ivfflat.probes. */
  readonly parameters: readonly { readonly name: string; readonly value: number | string; readonly reason: string }[]
  readonly build: {
    /** Memory one row takes while an HNSW index is built. */
    readonly bytesPerRow: number
    /** Of the largest partition, for `rows`; undefined: rows unknown. */
    readonly needed?: number
    /** maintenance_work_mem of the building session. */
    readonly maintenanceWorkMem: number
    /** max_parallel_maintenance_workers of the building session; the leader works as well. */
    readonly parallelWorkers: number
    /** Rows per partition from which on a build with this memory spills and gets slow. */
    readonly spillsAtRows: number
    /** Least size of /dev/shm for it: docker's shm_size. */
    readonly sharedMemory: number
    readonly reason: string
  }
  /** On disk, whole table. */
  readonly size?: { readonly hnsw: number; readonly ivfflat: number; readonly rows: number; readonly reason: string }
}
