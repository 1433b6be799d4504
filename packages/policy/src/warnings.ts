import type { Recommendation, Warning } from './recommendation.ts'
import type { Get } from './setting-rule.ts'

/** Provisional. */
export function warn(_recommendation: Omit<Recommendation, 'warnings'>, _get: Get): Warning[] {
  return []
}
