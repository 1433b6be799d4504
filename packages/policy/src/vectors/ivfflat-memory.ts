import type { EmbeddingType } from '../facts/server-facts.ts'
import { embeddingBytes } from './embedding-type.ts'

/** pgvector's advice: a list for each thousand rows up to a million, the square root above; at least 10, as the store builds it. */
export function listsFor(rows: number): number {
  return Math.min(Math.max(Math.ceil(rows <= 1_000_000 ? rows / 1000 : Math.sqrt(rows)), 10), 32_768)
}

/**
 * maintenance_work_mem without which an IVFFlat build is refused. k-means holds fifty sampled rows a list (at least 10,000), a
 * distance from each of them to each centre, and the centres twice.
 */
export function ivfflatMemory(lists: number, dimensions: number, type: EmbeddingType): number {
  const value = embeddingBytes(dimensions, type)
  const samples = Math.max(lists * 50, 10_000)
  const bounds = 4 * samples * lists + 4 * lists * lists + 8 * samples
  return (samples + 2 * lists) * value + 4 * lists * dimensions + bounds
}
