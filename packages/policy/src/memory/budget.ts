import type { ServerFacts } from '../facts/server-facts.ts'
import type { MemoryBudget } from '../recommendation.ts'
import type { Get } from '../settings/setting-rule.ts'
import { partsBesidesWorkMemory, reserve, workMemory } from './parts.ts'

/** Adds up what the settings that `get` answers with take at worst: ours, or those of another tool. */
export function budget(facts: ServerFacts, get: Get): MemoryBudget {
  const parts = [...partsBesidesWorkMemory(facts, get), workMemory(facts, get)]
  return {
    limit: facts.memory,
    reserve: reserve(facts),
    worstCase: parts.reduce((sum, { bytes }) => sum + bytes, 0),
    parts,
  }
}
