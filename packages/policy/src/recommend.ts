import type { CatalogueEntry } from './catalogue/catalogue-entry.ts'
import { catalogue, extensionCatalogue } from './catalogue/index.ts'
import { parseDefault, valueText } from './catalogue/setting-values.ts'
import { advisePools } from './connections/advise-pools.ts'
import type { ServerFacts } from './facts/server-facts.ts'
import { budget } from './memory/budget.ts'
import { memoryTooSmall } from './memory/too-small.ts'
import type { MemoryBudget, Recommendation, Setting, TakesEffect } from './recommendation.ts'
import { ask } from './settings/ask.ts'
import { topics } from './settings/index.ts'
import type { SettingRule } from './settings/setting-rule.ts'
import { adviseTables } from './tables/advise-tables.ts'
import { adviseVectors } from './vectors/advise-vectors.ts'
import { warn } from './warnings/index.ts'

/** Of all topics. */
export const rules: readonly SettingRule[] = topics.flatMap((topic) => topic.rules)

/** Pure and deterministic. @throws PolicyError `memory_too_small` where no safe configuration exists */
export function recommend(facts: ServerFacts): Recommendation {
  const known = catalogue[facts.postgres.version]
  const { get, value } = ask(facts, rules)
  const memory = budget(facts, get)
  if (!isKept(memory)) throw memoryTooSmall(facts, memory, fits)
  const settings: Setting[] = []
  for (const { title, rules } of topics) {
    for (const rule of rules) {
      const entry = known[rule.name] ?? extensionCatalogue[rule.name]
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

/** Whether the settings for these facts keep within memory. */
export function fits(facts: ServerFacts): boolean {
  return isKept(budget(facts, ask(facts, rules).get))
}

function isKept({ limit, reserve, worstCase }: MemoryBudget): boolean {
  return worstCase <= limit - reserve
}

export function takesEffect({ context }: CatalogueEntry): TakesEffect {
  if (context === 'postmaster') return 'restart'
  return context === 'backend' || context === 'superuser-backend' ? 'session' : 'reload'
}

export function defaultText(entry: CatalogueEntry): string | null {
  return entry.default === null ? null : valueText(entry, parseDefault(entry))
}
