import type { EmbeddingType, PostgresVersion } from '../facts/server-facts.ts'
import { clamp } from '../rounding.ts'
import { MB } from '../units.ts'
import { embeddingBytes } from './embedding-type.ts'

export interface GraphShape {
  readonly dimensions: number
  readonly type: EmbeddingType
  /** Neighbours of a node; twice as many on the ground level. */
  readonly m: number
  readonly version: PostgresVersion
}

/**
 * Memory that one row takes while an HNSW graph is built in memory. From pgvector's structures: an element of 128 bytes, its
 * value, a list of levels, and neighbours of 16 bytes each: 2m on the ground level, m on each higher one, where a node is
 * with a probability of 1/m, 1/m², …; each of these allocations has a header, of 8 bytes from PostgreSQL 16 on and 24 before.
 * Measured: 768 dimensions, m 16: 3,790 bytes, halfvec 2,253; m 32: 4,303.
 */
export function graphBytesPerRow({ dimensions, type, m, version }: GraphShape): number {
  const header = version >= 16 ? 8 : 24
  const element = 128 + header
  const value = 8 * Math.ceil(embeddingBytes(dimensions, type) / 8) + header
  const ground = 8 + header + 8 + 32 * m + header
  const higher = (8 + 8 + 16 * m + header) / (m - 1)
  return Math.ceil(element + value + ground + higher)
}

// A parallel build keeps 3 MB for other things and stops 1 MB early; a serial one counts its blocks of 1 MB.
const besidesRows = 4 * MB
// Levels are drawn at random, and blocks have ends.
const margin = 1.02

/** maintenance_work_mem with which a graph of so many rows does not spill, in whole MB. */
export function buildMemory(rows: number, bytesPerRow: number): number {
  return Math.ceil((rows * bytesPerRow * margin + besidesRows) / MB) * MB
}

/** Rows that a build is sure to hold in this much maintenance_work_mem. */
export function rowsWithin(maintenanceWorkMem: number, bytesPerRow: number): number {
  return clamp(Math.floor((maintenanceWorkMem - besidesRows) / (bytesPerRow * margin)), 0, Number.MAX_SAFE_INTEGER)
}
