import type { ServerFacts } from '../facts/server-facts.ts'

/** Memory in bytes, times in milliseconds; booleans as true and false; enums and text as they are. */
export type SettingValue = number | string | boolean

/** Asks for another setting: the rule's value, else PostgreSQL's default in this version. A cycle is reported by name. */
export interface Get {
  number(name: string): number
  text(name: string): string
  flag(name: string): boolean
}

/** Where a value comes from. */
export interface Source {
  readonly kind: 'documentation' | 'measurement' | 'rule of thumb'
  /** What was read or measured, in a few words; for documentation the page, for a measurement where it is kept. */
  readonly text: string
}

/** One object per setting. Rules have no order and share no state; a setting that a version does not have is left out by itself. */
export interface SettingRule {
  readonly name: string
  /** undefined: keep PostgreSQL's default. */
  value(facts: ServerFacts, get: Get): SettingValue | undefined
  /** One or two sentences with the arithmetic in them; asked only where there is a value. */
  reason(facts: ServerFacts, get: Get): string
  readonly source: Source
}
