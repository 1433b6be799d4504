import { mostDimensions } from '../vectors/embedding-type.ts'
import { hnswBytesPerRow } from '../vectors/index-size.ts'
import { hasVectors, type Warn } from './warn.ts'

export const warnOfDimensions: Warn = (recommendation) => {
  const { facts, vectors } = recommendation
  if (!hasVectors(recommendation)) return []
  const { dimensions, embeddingType: told } = facts.workload
  const { embeddingType: type } = vectors
  if (dimensions > mostDimensions[type]) {
    return [
      {
        code: 'dimensions_over_limit',
        message: `no index on ${type} holds ${dimensions} dimensions: at most ${mostDimensions[type]}`,
        hint: 'Ask the model for fewer dimensions, or index binary_quantize(embedding), which holds 64,000.',
      },
    ]
  }
  const warnings = []
  if (type !== told) {
    warnings.push({
      code: 'embedding_type_unusable',
      message: `embeddings are to be ${told}, reckoned as ${type}: ${vectors.embeddingReason}`,
    })
  }
  // The size of a row leaps where its neighbours no longer fit beside it.
  const perRow = hnswBytesPerRow(dimensions, type, 16)
  if (perRow > 12_000) {
    warnings.push({
      code: 'index_row_over_page',
      message: `an embedding of ${dimensions} dimensions as ${type} leaves no room for its neighbours on a page of 8 kB: the HNSW index takes two pages a row`,
      hint: `With at most ${type === 'vector' ? 1968 : type === 'halfvec' ? 3936 : 62_976} dimensions it takes one, half the size.`,
    })
  }
  return warnings
}
