import type { TableAdvice } from './recommendation.ts'
import type { ServerFacts } from './server-facts.ts'
import type { Get } from './setting-rule.ts'
import { episodicEvents } from './tables/episodic-events.ts'
import { memories } from './tables/memories.ts'
import { memoryAccess } from './tables/memory-access.ts'

/** Of the store's tables those that the server's settings do not fit; the others are small, or change little. */
export function adviseTables(facts: ServerFacts, get: Get): TableAdvice[] {
  if (facts.workload.kind !== 'agent-memory') return []
  return [memories(facts, get), memoryAccess(facts), episodicEvents(facts, get)]
}
