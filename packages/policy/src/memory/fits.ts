import type { ServerFacts } from '../facts/server-facts.ts'
import type { MemoryBudget } from '../recommendation.ts'
import { ask } from '../settings/ask.ts'
import { rules } from '../settings/index.ts'
import { budget } from './budget.ts'

/** Whether our settings for these facts keep within memory. */
export function fits(facts: ServerFacts): boolean {
  return isKept(budget(facts, ask(facts, rules).get))
}

export function isKept({ limit, reserve, worstCase }: MemoryBudget): boolean {
  return worstCase <= limit - reserve
}
