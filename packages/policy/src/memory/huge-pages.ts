import type { Recommendation } from '../recommendation.ts'
import { MB } from '../units.ts'

/** Size of a huge page on x86-64 and most arm64 kernels. */
export const hugePageSize: number = 2 * MB

/** Huge pages for the whole of shared memory, from above: what the budget counts for it is never below what PostgreSQL asks for. */
export function estimateHugePages({ memory }: Pick<Recommendation, 'memory'>): number {
  const shared = memory.parts.find(({ name }) => name === 'shared memory')?.bytes ?? 0
  return Math.ceil(shared / hugePageSize)
}
