import type { Recommendation, Warning } from '../recommendation.ts'
import type { Get } from '../settings/setting-rule.ts'

/** Warnings of one topic; none where all is well. */
export type Warn = (recommendation: Omit<Recommendation, 'warnings'>, get: Get) => Warning[]

/** Vectors are spoken of only where there are some. */
export function hasVectors({ facts }: Parameters<Warn>[0]): boolean {
  return facts.workload.kind === 'agent-memory'
}
