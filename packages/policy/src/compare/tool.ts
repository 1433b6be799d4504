import type { ServerFacts } from '../facts/server-facts.ts'
import type { SettingValue } from '../settings/setting-rule.ts'

/** A value that somebody else gives; memory in bytes, times in milliseconds, as in our own settings. */
export interface ToolSetting {
  readonly name: string
  readonly amount: SettingValue
}

/** Whom we compare with: published formulas as a function of the same facts. Pure; one file each. */
export interface Tool {
  readonly name: string
  /** Which version of it was read, and when. */
  readonly source: string
  settings(facts: ServerFacts): readonly ToolSetting[]
  /** What it asks for and the facts do not tell, and what is taken instead. */
  assumptions(facts: ServerFacts): readonly string[]
}
