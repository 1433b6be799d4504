import type { EmbeddingType, ServerFacts } from '../facts/server-facts.ts'
import type { Get } from '../settings/setting-rule.ts'
import { sizeText } from '../text/size-text.ts'
import { buildProposals } from './build-proposals.ts'
import { buildSession } from './build-session.ts'
import { buildTime } from './build-time.ts'
import { chooseIndex, type IndexOutlook } from './choose-index.ts'
import { embeddingType } from './embedding-type.ts'
import { buildMemory, graphBytesPerRow, rowsWithin } from './graph-memory.ts'
import { hnswBytesPerRow, ivfflatBytes } from './index-size.ts'
import { listsFor } from './ivfflat-memory.ts'
import { largestPartition } from './largest-partition.ts'
import { graphNeighbours, indexParameters } from './parameters.ts'
import type { VectorAdvice, VectorBuild } from './vector-advice.ts'

/** Reads effective_cache_size, shared_buffers and the limits of parallel workers. */
export function adviseVectors(facts: ServerFacts, get: Get): VectorAdvice {
  const { type, reason: embeddingReason } = embeddingType(facts)
  const choice = chooseIndex(facts, type, get.number('effective_cache_size'), (each) => outlook(facts, get, each))
  const build = adviseBuild(facts, get, choice.indexedType)
  const size = sizeOnDisk(facts, choice.indexedType)
  return {
    index: choice.index,
    indexReason: choice.reason,
    indexedType: choice.indexedType,
    embeddingType: type,
    embeddingReason,
    parameters: indexParameters(facts, choice, build.largestPartition),
    build,
    ...(size === undefined ? {} : { size }),
  }
}

function outlook(facts: ServerFacts, get: Get, type: EmbeddingType): IndexOutlook | undefined {
  const { largestPartition, needed, duration } = adviseBuild(facts, get, type)
  const bytes = sizeOnDisk(facts, type)?.hnsw
  if (largestPartition === undefined || needed === undefined || duration === undefined || bytes === undefined) {
    return undefined
  }
  return { largestPartition, needed, duration, bytes }
}

function adviseBuild(facts: ServerFacts, get: Get, type: EmbeddingType): VectorBuild {
  const { rows, dimensions, partitions } = facts.workload
  const bytesPerRow = graphBytesPerRow({ dimensions, type, m: graphNeighbours, version: facts.postgres.version })
  const largest = rows === undefined ? undefined : largestPartition(rows, partitions)
  const needed = largest === undefined ? undefined : buildMemory(largest, bytesPerRow)
  const session = buildSession(facts, get, needed)
  const known = { bytesPerRow, ...session, spillsAtRows: rowsWithin(session.maintenanceWorkMem, bytesPerRow) }
  if (rows === undefined || largest === undefined || needed === undefined) return { ...known, proposals: [] }
  const share = Math.max(0, 1 - known.spillsAtRows / Math.max(largest, 1))
  const duration = buildTime({
    rows,
    spilledRows: Math.ceil(rows * share),
    dimensions,
    workers: session.parallelWorkers,
    ...((sizeOnDisk(facts, type)?.hnsw ?? 0) > get.number('effective_cache_size') ? { readsFrom: facts.storage } : {}),
  })
  const proposals = buildProposals(facts, get, { rows, type, m: graphNeighbours })
  return { ...known, largestPartition: largest, needed, duration, proposals }
}

function sizeOnDisk({ workload }: ServerFacts, type: EmbeddingType): VectorAdvice['size'] {
  const { rows, dimensions, partitions } = workload
  if (rows === undefined) return undefined
  const perRow = hnswBytesPerRow(dimensions, type, graphNeighbours)
  const each = Math.ceil(rows / partitions)
  const hnsw = rows * perRow + partitions * 8192
  return {
    hnsw,
    ivfflat: partitions * ivfflatBytes(each, dimensions, type, listsFor(each)),
    rows,
    reason: `${perRow} bytes a row in HNSW: what fits a page of 8 kB with 72 bytes of header and ${2 * graphNeighbours} neighbours of 6 bytes. ${sizeText(hnsw)} in all.`,
  }
}
