import { entryOf } from '../catalogue/entry-of.ts'
import { defaultText, valueText } from '../catalogue/setting-values.ts'
import type { ServerFacts } from '../facts/server-facts.ts'
import { budget } from '../memory/budget.ts'
import { recommend } from '../recommend.ts'
import type { MemoryBudget, Recommendation } from '../recommendation.ts'
import { defaults } from './defaults.ts'
import { getOver } from './get-over.ts'
import { guide } from './guide.ts'
import { pgtune } from './pgtune.ts'
import { type Refusal, refusals } from './refusals.ts'
import { timescaledbTune } from './timescaledb-tune.ts'
import type { Tool, ToolSetting } from './tool.ts'

/** Other tools and texts, in the order of the columns. */
export const tools: readonly Tool[] = [guide, pgtune, timescaledbTune, defaults]

/** What one of them would make of the server; `ours` is the first. */
export interface Compared {
  /** `ours`, `guide`, `pgtune`, `timescaledb-tune`, `defaults`. */
  readonly name: string
  readonly source: string
  readonly assumptions: readonly string[]
  /** By the accounting of `budget`, whoever gave the values; only ours has a build session with memory of its own. */
  readonly memory: MemoryBudget
  /** Worst case as a share of the limit: 1.8 is 180%. */
  readonly share: number
  readonly verdict: 'fits' | 'eats the reserve' | 'over the limit'
  readonly refused: readonly Refusal[]
}

export interface ComparedSetting {
  readonly name: string
  /** By name of `compared`; null: not set there. */
  readonly values: Readonly<Record<string, string | null>>
}

export interface Comparison {
  readonly compared: readonly Compared[]
  /** Every setting that any of the others sets, with our value; ours alone are in the recommendation. */
  readonly settings: readonly ComparedSetting[]
}

/** Ours beside the others, for the same facts and by the same accounting. `ours` may be given when it is there already. */
export function compareWith(facts: ServerFacts, ours: Recommendation = recommend(facts)): Comparison {
  const own = ours.settings.map(({ name, amount }) => ({ name, amount }))
  const theirs = tools.map((tool) => ({ tool, settings: tool.settings(facts) }))
  const columns = [
    { name: 'ours', settings: own },
    ...theirs.map(({ tool, settings }) => ({ name: tool.name, settings })),
  ]
  // In our order, then what only others set.
  const set = new Set(theirs.flatMap(({ settings }) => settings.map(({ name }) => name)))
  const names = [...own.map(({ name }) => name).filter((name) => set.has(name)), ...set]
  return {
    compared: [
      compared(facts, { name: 'ours', source: 'athena tune', settings: own, assumptions: [] }),
      ...theirs.map(({ tool, settings }) =>
        compared(facts, { name: tool.name, source: tool.source, settings, assumptions: tool.assumptions(facts) }),
      ),
    ],
    settings: [...new Set(names)].map((name) => ({
      name,
      values: Object.fromEntries(
        columns.map((column) => [
          column.name,
          written(facts, name, column.settings) ?? (column.name === defaults.name ? writtenDefault(facts, name) : null),
        ]),
      ),
    })),
  }
}

function compared(
  facts: ServerFacts,
  given: Pick<Compared, 'name' | 'source' | 'assumptions'> & { settings: readonly ToolSetting[] },
): Compared {
  // Only ours speaks of a session for vector builds; with the others a build takes their maintenance_work_mem and no more.
  const counted: ServerFacts =
    given.name === 'ours' ? facts : { ...facts, workload: { ...facts.workload, kind: 'mixed' } }
  const memory = budget(counted, getOver(given.settings, facts.postgres.version))
  return {
    name: given.name,
    source: given.source,
    assumptions: given.assumptions,
    memory,
    share: memory.worstCase / memory.limit,
    verdict: verdict(memory),
    refused: refusals(facts, given.settings),
  }
}

function verdict({ worstCase, limit, reserve }: MemoryBudget): Compared['verdict'] {
  if (worstCase > limit) return 'over the limit'
  return worstCase > limit - reserve ? 'eats the reserve' : 'fits'
}

function written({ postgres }: ServerFacts, name: string, settings: readonly ToolSetting[]): string | null {
  const found = settings.find((setting) => setting.name === name)
  if (found === undefined) return null
  const entry = entryOf(postgres.version, name)
  return entry === undefined ? String(found.amount) : valueText(entry, found.amount)
}

function writtenDefault({ postgres }: ServerFacts, name: string): string | null {
  const entry = entryOf(postgres.version, name)
  return entry === undefined ? null : defaultText(entry)
}
