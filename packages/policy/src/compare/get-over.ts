import { catalogue } from '../catalogue/index.ts'
import { parseDefault } from '../catalogue/setting-values.ts'
import type { PostgresVersion } from '../facts/server-facts.ts'
import type { Get, SettingValue } from '../settings/setting-rule.ts'
import type { ToolSetting } from './tool.ts'

/** Answers with these values, else with PostgreSQL's defaults in this version: what the server would run with. */
export function getOver(settings: readonly ToolSetting[], version: PostgresVersion): Get {
  const values = new Map(settings.map(({ name, amount }) => [name, amount]))
  return {
    number: (name) => of('number', name),
    text: (name) => of('string', name),
    flag: (name) => of('boolean', name),
  }

  function of<T extends SettingValue>(type: string, name: string): T {
    const entry = catalogue[version][name]
    const found = values.get(name) ?? (entry && parseDefault(entry))
    if (typeof found !== type) throw new Error(`setting ${name} is not a ${type} in PostgreSQL ${version}`)
    return found as T
  }
}
