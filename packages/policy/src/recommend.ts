import { entryOf } from './catalogue/entry-of.ts'
import { defaultText, valueText } from './catalogue/setting-values.ts'
import { advisePools } from './connections/advise-pools.ts'
import type { ServerFacts } from './facts/server-facts.ts'
import { budget } from './memory/budget.ts'
import { fits, isKept } from './memory/fits.ts'
import { memoryTooSmall } from './memory/too-small.ts'
import type { Recommendation, Setting } from './recommendation.ts'
import { ask } from './settings/ask.ts'
import { rules, topics } from './settings/index.ts'
import { takesEffect } from './settings/takes-effect.ts'
import { adviseTables } from './tables/advise-tables.ts'
import { adviseVectors } from './vectors/advise-vectors.ts'
import { warn } from './warnings/index.ts'

/**
 * Pure and deterministic: no clock, no randomness, no state.
 * @throws PolicyError `memory_too_small` where no safe configuration exists, with what would fit; `too_few_connections` where the pools do
 *   not fit into the connections
 */
export function recommend(facts: ServerFacts): Recommendation {
  const { get, value } = ask(facts, rules)
  const memory = budget(facts, get)
  if (!isKept(memory)) throw memoryTooSmall(facts, memory, fits)
  const settings: Setting[] = []
  for (const { title, rules } of topics) {
    for (const rule of rules) {
      const entry = entryOf(facts.postgres.version, rule.name)
      const amount = entry && value(rule)
      if (entry === undefined || amount === undefined) continue
      settings.push({
        name: rule.name,
        value: valueText(entry, amount),
        amount,
        default: defaultText(entry),
        reason: rule.reason(facts, get),
        source: rule.source,
        takesEffect: takesEffect(entry),
        topic: title,
      })
    }
  }
  const partial = {
    facts,
    settings,
    memory,
    pools: advisePools(facts, get),
    vectors: adviseVectors(facts, get),
    tables: adviseTables(facts, get),
  }
  return { ...partial, warnings: warn(partial, get) }
}
