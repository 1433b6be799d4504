import type { Warning } from '../recommendation.ts'
import { sizeText } from '../text/size-text.ts'
import { ivfflatMemory } from '../vectors/ivfflat-memory.ts'
import { hasVectors, type Warn } from './warn.ts'

export const warnOfVectorStorage: Warn = (recommendation, get) =>
  hasVectors(recommendation)
    ? [...slowDisk(recommendation), ...outgrown(recommendation, get), ...kMeans(recommendation)]
    : []

function slowDisk({ facts, vectors }: Parameters<Warn>[0]): Warning[] {
  if (facts.storage !== 'hdd' || vectors.index === 'exact') return []
  return [
    {
      code: 'vectors_on_hard_disk',
      message:
        'a search in an HNSW graph reads hundreds of pages in no order: seconds from a hard disk, unless they are in memory',
      hint: 'Use an SSD, or have more memory than the index is large and load it with pg_prewarm after a restart.',
    },
  ]
}

function outgrown({ vectors }: Parameters<Warn>[0], get: Parameters<Warn>[1]): Warning[] {
  const { index, indexedType, size } = vectors
  const cache = get.number('effective_cache_size')
  if (size === undefined || index === 'exact') return []
  const bytes = index === 'hnsw' ? size.hnsw : size.ivfflat
  if (bytes <= cache) return []
  return [
    {
      code: 'vector_index_over_cache',
      message: `the vector index takes ${sizeText(bytes)} on disk as ${indexedType} and the cache holds ${sizeText(cache)}: searches will read from disk`,
      hint: 'More memory, fewer dimensions, or archive old memories.',
    },
  ]
}

function kMeans({ facts, vectors }: Parameters<Warn>[0]): Warning[] {
  const lists = vectors.parameters.find(({ name }) => name === 'lists')?.value
  if (typeof lists !== 'number') return []
  const least = ivfflatMemory(lists, facts.workload.dimensions, vectors.indexedType)
  if (least <= vectors.build.maintenanceWorkMem) return []
  return [
    {
      code: 'ivfflat_build_refused',
      message: `k-means of ${lists} lists takes ${sizeText(least)}, and the build may take ${sizeText(vectors.build.maintenanceWorkMem)}: pgvector refuses it`,
      hint: 'Fewer lists, more partitions, or build with the application stopped.',
    },
  ]
}
