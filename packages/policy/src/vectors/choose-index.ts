import type { EmbeddingType, ServerFacts } from '../server-facts.ts'
import { hour, sizeText } from '../values.ts'
import { durationText } from './duration-text.ts'
import { hasHalfvec } from './embedding-type.ts'
import { lacksHnsw } from './pgvector-faults.ts'

/** Up to so many rows in a partition the search functions scan exactly whatever the index: greatest(1000, 14 x sqrt(rows)). */
export const exactRows = 1000
/** One night. */
export const longestBuild: number = 8 * hour
/** Below, a bit for each dimension says too little to pick candidates by. Rule of thumb, not measured. */
const leastDimensionsForBits = 512

export interface IndexOutlook {
  readonly largestPartition: number
  /** Of HNSW on disk, all partitions. */
  readonly bytes: number
  /** What the page cache and shared_buffers hold together. */
  readonly cache: number
  readonly needed: number
  readonly maintenanceWorkMem: number
  readonly duration: number
}

export interface IndexChoice {
  readonly index: 'exact' | 'hnsw' | 'ivfflat'
  readonly indexedType: EmbeddingType
  readonly reason: string
}

/** @param outlook of HNSW on the embeddings as they are; undefined: rows unknown */
export function chooseIndex(facts: ServerFacts, type: EmbeddingType, outlook: IndexOutlook | undefined): IndexChoice {
  const { pgvector, workload } = facts
  const plain = { index: 'hnsw', indexedType: type } as const
  if (lacksHnsw(pgvector)) {
    return { index: 'ivfflat', indexedType: type, reason: `pgvector ${pgvector} has no HNSW.` }
  }
  if (outlook === undefined) return { ...plain, reason: 'The default, since nobody told how many rows there will be.' }
  const { largestPartition, bytes, cache, needed, maintenanceWorkMem, duration } = outlook
  if (largestPartition <= exactRows) {
    return {
      index: 'exact',
      indexedType: type,
      reason: `${largestPartition} rows in the largest partition: reading up to ${exactRows} takes 2 ms, as little as a graph does, and finds all.`,
    }
  }
  if (bytes > cache && type !== 'bit' && hasHalfvec(pgvector) && workload.dimensions >= leastDimensionsForBits) {
    return {
      index: 'hnsw',
      indexedType: 'bit',
      reason: `HNSW on ${type} takes ${sizeText(bytes)} on disk and the cache holds ${sizeText(cache)}: index one bit a dimension, ask for more candidates and re-rank them by the embeddings. By hand: the store's own index holds the embeddings.`,
    }
  }
  if (needed <= maintenanceWorkMem) {
    return {
      ...plain,
      reason: `${sizeText(needed)} of memory build the largest partition, and ${sizeText(maintenanceWorkMem)} are allowed.`,
    }
  }
  if (duration <= longestBuild) {
    return {
      ...plain,
      reason: `The largest partition takes ${sizeText(needed)} to build and ${sizeText(maintenanceWorkMem)} are allowed, so the build spills: about ${durationText(duration)} for all, which a night has room for.`,
    }
  }
  return {
    index: 'ivfflat',
    indexedType: type,
    reason: `An HNSW build would spill (${sizeText(needed)} needed, ${sizeText(maintenanceWorkMem)} allowed) and take about ${durationText(duration)}. IVFFlat builds in minutes, but has to be rebuilt as the rows grow.`,
  }
}
