import { catalogue } from '../catalogue/index.ts'
import { parseDefault } from '../catalogue/setting-values.ts'
import type { ServerFacts } from '../facts/server-facts.ts'
import { PolicyError } from '../policy-error.ts'
import type { Get, SettingRule, SettingValue } from './setting-rule.ts'
import { typedGet } from './typed-get.ts'

export interface Asked {
  readonly get: Get
  /** undefined where the rule keeps the default. */
  value(rule: SettingRule): SettingValue | undefined
}

/** Evaluates rules on demand, each once. @throws PolicyError `setting_cycle` with the names on the way */
export function ask(facts: ServerFacts, rules: readonly SettingRule[]): Asked {
  const byName = new Map(rules.map((rule) => [rule.name, rule]))
  const values = new Map<string, SettingValue | undefined>()
  const underWay: string[] = []

  function value(rule: SettingRule): SettingValue | undefined {
    if (values.has(rule.name)) return values.get(rule.name)
    if (underWay.includes(rule.name)) {
      const names = [...underWay.slice(underWay.indexOf(rule.name)), rule.name]
      throw new PolicyError({ code: 'setting_cycle', message: `settings ask for each other: ${names.join(' → ')}` })
    }
    underWay.push(rule.name)
    const found = rule.value(facts, get)
    underWay.pop()
    values.set(rule.name, found)
    return found
  }

  function valueOrDefault(name: string): SettingValue {
    const entry = catalogue[facts.postgres.version][name]
    const rule = byName.get(name)
    const found = rule === undefined || (entry === undefined && !name.includes('.')) ? undefined : value(rule)
    if (found !== undefined) return found
    if (entry === undefined) throw new Error(`no setting ${name} in PostgreSQL ${facts.postgres.version}`)
    return parseDefault(entry)
  }

  const get = typedGet(valueOrDefault)
  return { get, value }
}
