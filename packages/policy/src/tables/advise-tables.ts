import type { ServerFacts } from '../facts/server-facts.ts'
import type { TableAdvice } from '../recommendation.ts'
import type { Get } from '../settings/setting-rule.ts'
import { episodicEvents } from './episodic-events.ts'
import { memories } from './memories.ts'
import { memoryAccess } from './memory-access.ts'

/** Of the store's tables those that the server's settings do not fit; the others are small, or change little. */
export function adviseTables(facts: ServerFacts, get: Get): TableAdvice[] {
  if (facts.workload.kind !== 'agent-memory') return []
  return [memories(facts, get), memoryAccess(facts), episodicEvents(facts, get)]
}
