import { amountOf } from '../catalogue/entry-of.ts'
import type { Recommendation } from '../recommendation.ts'
import { MB } from '../units.ts'
import { nodesPerStatement } from './parts.ts'

/** Docker's default; sizes are multiples of it, so that a rule that moves a little does not move them. */
const step: number = 64 * MB

/**
 * Size for /dev/shm in bytes, a multiple of 1 MB: one index build and all parallel hash joins at once, at most half of the
 * memory; where the facts tell a size, that one.
 */
export function shmSize(recommendation: Recommendation): number {
  const { facts, vectors } = recommendation
  const build = Math.ceil(vectors.build.sharedMemory / MB) * MB
  if (facts.sharedMemory !== undefined) return Math.max(Math.floor(facts.sharedMemory / MB) * MB, build)
  // The memory of a shared hash table is that of all who work on it: the workers there are, each at worst with a leader of its own.
  const participants = 2 * Number(amountOf(recommendation, 'max_parallel_workers'))
  const each = Number(amountOf(recommendation, 'work_mem')) * Number(amountOf(recommendation, 'hash_mem_multiplier'))
  const hashes = participants * nodesPerStatement * each
  const wanted = Math.max(Math.ceil((build + hashes) / step), 1) * step
  return Math.max(build, Math.min(wanted, Math.floor(facts.memory / 2 / MB) * MB))
}
