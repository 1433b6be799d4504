import { compareVersions } from './compare-versions.ts'

/** A fault of some versions of pgvector, or something they do not have yet. Source of all: pgvector's CHANGELOG. */
export interface PgvectorFault {
  /** snake_case noun phrase: code of the warning. */
  readonly id: string
  /** First version that has it; undefined: all before `fixedIn`. */
  readonly from?: string
  readonly fixedIn: string
  /** The index that it is about. */
  readonly affects: 'hnsw' | 'ivfflat' | 'any'
  /** What happens, as a sentence without the version. */
  readonly fault: string
  /** Until pgvector is updated. */
  readonly advice: string
}

export const pgvectorFaults: readonly PgvectorFault[] = [
  {
    id: 'pgvector_parallel_build_overflow',
    from: '0.6.0',
    fixedIn: '0.8.2',
    affects: 'hnsw',
    fault: 'a parallel HNSW build can read other data or crash the server (CVE-2026-3172)',
    advice: 'The settings here build without parallel workers, which takes about twice as long.',
  },
  {
    id: 'pgvector_vacuum_corruption',
    from: '0.5.0',
    fixedIn: '0.8.3',
    affects: 'hnsw',
    fault: 'vacuum can corrupt an HNSW index',
    advice: 'Rebuild with REINDEX INDEX CONCURRENTLY after the update, and until then after large deletions.',
  },
  {
    id: 'pgvector_vacuum_errors',
    from: '0.5.0',
    fixedIn: '0.8.4',
    affects: 'hnsw',
    fault: 'vacuum of an HNSW index can end with `hnsw graph not repaired`, and inserts meanwhile with an error',
    advice: 'Repeat failed inserts; REINDEX INDEX CONCURRENTLY where vacuum keeps failing.',
  },
  {
    id: 'pgvector_ivfflat_memory',
    fixedIn: '0.8.4',
    affects: 'ivfflat',
    fault: 'an IVFFlat build can take more than maintenance_work_mem',
    advice: 'Build while the machine has memory to spare.',
  },
  {
    id: 'pgvector_ivfflat_overflow',
    fixedIn: '0.8.6',
    affects: 'ivfflat',
    fault: 'on 32-bit systems an IVFFlat build can write beyond its memory (CVE-2026-18022)',
    advice: 'A 64-bit system is not affected.',
  },
  {
    id: 'pgvector_without_iterative_scan',
    fixedIn: '0.8.0',
    affects: 'any',
    fault: 'a search with a filter returns too few rows, silently: there are no iterative scans',
    advice: 'Measured: 4.4 of 10 rows for a filter that a tenth of the rows pass. The store needs 0.8.0.',
  },
  {
    id: 'pgvector_without_halfvec',
    fixedIn: '0.7.0',
    affects: 'any',
    fault: 'there is no halfvec, which halves memory and disk',
    advice: 'Embeddings have to be vector, with at most 2000 dimensions. The store needs 0.8.0.',
  },
  {
    id: 'pgvector_without_hnsw',
    fixedIn: '0.5.0',
    affects: 'any',
    fault: 'there is no HNSW index',
    advice: 'IVFFlat is the only index. The store needs 0.8.0.',
  },
]

/** Those of this version; of an unknown one none, since it is taken to be the newest. */
export function faultsOf(pgvector: string | undefined): readonly PgvectorFault[] {
  if (pgvector === undefined) return []
  return pgvectorFaults.filter(
    ({ from, fixedIn }) =>
      compareVersions(pgvector, fixedIn) < 0 && (from === undefined || compareVersions(pgvector, from) >= 0),
  )
}

const has = (id: string) => (pgvector: string | undefined) => faultsOf(pgvector).some((fault) => fault.id === id)

/** CVE-2026-3172. */
export const affectedByParallelBuild: (pgvector: string | undefined) => boolean = has(
  'pgvector_parallel_build_overflow',
)
/** Neither halfvec nor indexes on it and on bit. */
export const lacksHalfvec: (pgvector: string | undefined) => boolean = has('pgvector_without_halfvec')
export const lacksHnsw: (pgvector: string | undefined) => boolean = has('pgvector_without_hnsw')
export const lacksIterativeScan: (pgvector: string | undefined) => boolean = has('pgvector_without_iterative_scan')

export function hasParallelBuild(pgvector: string | undefined): boolean {
  return pgvector === undefined || compareVersions(pgvector, '0.6.0') >= 0
}
