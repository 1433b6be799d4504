import type { CatalogueEntry } from './catalogue/catalogue-entry.ts'
import { entryOf } from './catalogue/entry-of.ts'
import { catalogue, extensionCatalogue } from './catalogue/index.ts'
import { defaultText } from './catalogue/setting-values.ts'
import { versions } from './facts/choices.ts'
import type { PostgresVersion, ServerFacts } from './facts/server-facts.ts'
import { recommend } from './recommend.ts'
import type { TakesEffect } from './recommendation.ts'
import { ask } from './settings/ask.ts'
import { rules } from './settings/index.ts'
import { kept } from './settings/kept.ts'
import type { Get, Source } from './settings/setting-rule.ts'
import { takesEffect } from './settings/takes-effect.ts'

export interface Explanation {
  readonly name: string
  /** undefined: PostgreSQL's default is kept, or this version has no such setting. */
  readonly value?: string
  /** Of PostgreSQL in this version; null where it depends on the machine. */
  readonly default: string | null
  /** Why this value; where none is set, why not. */
  readonly reason: string
  readonly source?: Source
  readonly takesEffect: TakesEffect
  /** Section of a postgresql.conf. */
  readonly topic?: string
  /** What the server accepts. Of numbers in the `unit`. */
  readonly accepts: Pick<CatalogueEntry, 'type' | 'unit' | 'min' | 'max' | 'values' | 'richValues'>
  /** Versions that have it; of an extension's setting all. */
  readonly versions: readonly PostgresVersion[]
  /** Settings whose values its own follows from, by the way. */
  readonly uses: readonly string[]
}

/** Names of all settings of all versions, those of extensions that the policy knows included. */
export function settingNames(): string[] {
  const all = versions.flatMap((version) => Object.keys(catalogue[version]))
  return [...new Set([...all, ...Object.keys(extensionCatalogue)])].sort()
}

/**
 * Why a setting has its value, or has none.
 * @returns undefined where no version has it
 * @throws PolicyError as `recommend`
 */
export function explain(facts: ServerFacts, name: string): Explanation | undefined {
  const { version } = facts.postgres
  const having = versions.filter((each) => entryOf(each, name))
  const newest = having.at(-1)
  if (newest === undefined) return undefined
  const here = entryOf(version, name)
  const entry = (here ?? entryOf(newest, name)) as CatalogueEntry
  const { type, unit, min, max, values, richValues } = entry
  const range = { ...(unit && { unit }), ...(min !== undefined && { min }), ...(max !== undefined && { max }) }
  const base = {
    name,
    default: defaultText(entry),
    takesEffect: takesEffect(entry),
    accepts: { type, ...range, ...(values && { values }), ...(richValues && { richValues }) },
    versions: having,
  }
  if (here === undefined) {
    return { ...base, uses: [], reason: `PostgreSQL ${version} has no such setting; ${having.join(', ')} have.` }
  }
  return { ...base, ...byRule(facts, name, entry) }
}

function byRule(
  facts: ServerFacts,
  name: string,
  entry: CatalogueEntry,
): Pick<Explanation, 'value' | 'reason' | 'source' | 'topic' | 'uses'> {
  const rule = rules.find((each) => each.name === name)
  if (rule === undefined) return { reason: withoutRule(name, entry), uses: [] }
  const { source } = rule
  const setting = recommend(facts).settings.find((each) => each.name === name)
  // The rule is asked again, only to see what it looks at; it is pure.
  const uses = new Set<string>()
  const get = noting(ask(facts, rules).get, uses)
  rule.value(facts, get)
  if (setting === undefined) {
    return { reason: kept[name] ?? "PostgreSQL's default is right for these facts.", source, uses: [...uses].sort() }
  }
  rule.reason(facts, get)
  uses.delete(name)
  const { value, reason, topic } = setting
  return { value, reason, source, topic, uses: [...uses].sort() }
}

function withoutRule(name: string, { context }: CatalogueEntry): string {
  if (context === 'internal') return 'Fixed when PostgreSQL is built or the cluster made: no file can change it.'
  return (
    kept[name] ?? "PostgreSQL's default is kept: it does not depend on the memory, cpus, disks or load of a server."
  )
}

/** Notes the names that are asked for. */
function noting({ number, text, flag }: Get, names: Set<string>): Get {
  const noted =
    <T>(ask: (name: string) => T) =>
    (name: string): T => {
      names.add(name)
      return ask(name)
    }
  return { number: noted(number), text: noted(text), flag: noted(flag) }
}
