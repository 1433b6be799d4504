import type { TableAdvice } from './recommendation.ts'
import type { ServerFacts } from './server-facts.ts'
import type { Get } from './setting-rule.ts'

/** Provisional. */
export function adviseTables(_facts: ServerFacts, _get: Get): TableAdvice[] {
  return []
}
