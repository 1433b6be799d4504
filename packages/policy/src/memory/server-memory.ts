import type { Recommendation } from '../recommendation.ts'

/** Memory for PostgreSQL alone, in bytes: all there is, less a pooler that runs beside it. */
export function serverMemory({ facts, memory }: Recommendation): number {
  return facts.memory - (memory.parts.find(({ name }) => name === 'pooler')?.bytes ?? 0)
}
