import type { EmbeddingType, ServerFacts } from '../facts/server-facts.ts'
import { buildAllowance } from '../memory/build-allowance.ts'
import { durationText } from '../text/duration-text.ts'
import { sizeText } from '../text/size-text.ts'
import { hour } from '../units.ts'
import { lacksHalfvec, lacksHnsw } from './pgvector-faults.ts'

/** Up to so many rows in a partition the search functions scan exactly whatever the index: greatest(1000, 14 x sqrt(rows)). */
const exactRows = 1000
/** One night. */
const longestBuild: number = 8 * hour
/** Below, a bit for each dimension says too little to pick candidates by. Rule of thumb, not measured. */
const leastDimensionsForBits = 512

/** What HNSW on one type would be like. */
export interface IndexOutlook {
  readonly largestPartition: number
  /** On disk, all partitions. */
  readonly bytes: number
  /** To build the largest partition without spilling. */
  readonly needed: number
  readonly duration: number
}

export interface IndexChoice {
  readonly index: 'exact' | 'hnsw' | 'ivfflat'
  readonly indexedType: EmbeddingType
  readonly reason: string
}

/**
 * @param type of the embeddings
 * @param cache bytes that shared_buffers and the page cache hold together
 * @param look undefined: rows unknown
 */
export function chooseIndex(
  facts: ServerFacts,
  type: EmbeddingType,
  cache: number,
  look: (type: EmbeddingType) => IndexOutlook | undefined,
): IndexChoice {
  const { pgvector } = facts
  const plain = look(type)
  if (lacksHnsw(pgvector)) {
    return { index: 'ivfflat', indexedType: type, reason: `pgvector ${pgvector} has no HNSW.` }
  }
  if (plain === undefined) {
    return { index: 'hnsw', indexedType: type, reason: 'The default, since nobody told how many rows there will be.' }
  }
  if (plain.largestPartition <= exactRows) {
    return {
      index: 'exact',
      indexedType: type,
      reason: `${plain.largestPartition} rows in the largest partition: reading up to ${exactRows} takes 2 ms, as little as a graph does, and finds all.`,
    }
  }
  if (plain.bytes <= cache) return build(facts, type, plain)
  const smaller = smallerTypes(facts, type)
  const indexedType = smaller.find((each) => (look(each) as IndexOutlook).bytes <= cache) ?? smaller.at(-1)
  if (indexedType === undefined) return build(facts, type, plain)
  const how =
    indexedType === 'bit'
      ? 'index one bit a dimension (binary_quantize), ask for more candidates and rank them again by the embeddings'
      : 'index the embeddings as halfvec'
  const bytes = (look(indexedType) as IndexOutlook).bytes
  return {
    index: 'hnsw',
    indexedType,
    reason: `HNSW on ${type} takes ${sizeText(plain.bytes)} on disk, and the cache holds ${sizeText(cache)}: ${how}, which takes ${sizeText(bytes)}. By hand, on an expression: the store's own index holds the embeddings as they are.`,
  }
}

/** HNSW while a build takes a night at most, IVFFlat beyond. */
function build(facts: ServerFacts, type: EmbeddingType, { needed, duration }: IndexOutlook): IndexChoice {
  const allowed = buildAllowance(facts)
  const spills = `the largest partition takes ${sizeText(needed)} to build, ${sizeText(allowed)} are allowed, and what spills is slow: about ${durationText(duration)} in all`
  if (needed <= allowed) {
    const reason = `${sizeText(needed)} build the largest partition, and ${sizeText(allowed)} are allowed.`
    return { index: 'hnsw', indexedType: type, reason }
  }
  return duration <= longestBuild
    ? { index: 'hnsw', indexedType: type, reason: `HNSW all the same: ${spills}, which a night has room for.` }
    : {
        index: 'ivfflat',
        indexedType: type,
        reason: `Not HNSW: ${spills}. IVFFlat builds in a fraction of that, but has to be rebuilt as the rows grow.`,
      }
}

/** In which an index could hold the embeddings instead, by size. */
function smallerTypes({ pgvector, workload }: ServerFacts, type: EmbeddingType): EmbeddingType[] {
  if (lacksHalfvec(pgvector) || type === 'bit') return []
  const bits: EmbeddingType[] = workload.dimensions >= leastDimensionsForBits ? ['bit'] : []
  return type === 'vector' ? ['halfvec', ...bits] : bits
}
