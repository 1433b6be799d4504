import type { FactName } from './given-facts.ts'

/** Something that no server can be like. */
export interface FactFault {
  /** Those that it is about, by the name that a profile file has for them. */
  readonly names: readonly FactName[]
  readonly fault: string
  /** What to change. */
  readonly hint?: string
}
