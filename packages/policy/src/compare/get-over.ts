import { defaultOf } from '../catalogue/entry-of.ts'
import type { PostgresVersion } from '../facts/server-facts.ts'
import type { Get } from '../settings/setting-rule.ts'
import { typedGet } from '../settings/typed-get.ts'
import type { ToolSetting } from './tool.ts'

/** Answers with these values, else with PostgreSQL's defaults in this version: what the server would run with. */
export function getOver(settings: readonly ToolSetting[], version: PostgresVersion): Get {
  const values = new Map(settings.map(({ name, amount }) => [name, amount]))
  return typedGet((name) => values.get(name) ?? defaultOf(version, name))
}
