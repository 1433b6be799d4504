import { PolicyError } from '../policy-error.ts'
import { factParsers } from './fact-parsers.ts'
import type { FactName, GivenFacts } from './given-facts.ts'

export interface ParsedFacts {
  readonly facts: GivenFacts
  readonly faults: readonly { readonly name: string; readonly problem: string; readonly hint?: string }[]
}

/** Facts as flags or a profile file have them: `{ memory: '16GB', cpus: 8 }`; a list as text with commas, too. Finds everything that is wrong at once. */
export function parseFacts(given: Readonly<Record<string, unknown>>): ParsedFacts {
  const facts: Record<string, unknown> = {}
  const faults: { name: string; problem: string; hint?: string }[] = []
  for (const [name, value] of Object.entries(given)) {
    if (value === undefined) continue
    if (!Object.hasOwn(factParsers, name)) faults.push({ name, problem: 'is not a fact that is known' })
    else if (!['string', 'number', 'boolean'].includes(typeof value) && !isTexts(name, value))
      faults.push({ name, problem: 'is neither text nor a number, true or false' })
    else {
      try {
        facts[name] = factParsers[name as FactName](String(value))
      } catch (error) {
        if (!(error instanceof PolicyError)) throw error
        faults.push({ name, problem: error.message, ...(error.hint !== undefined && { hint: error.hint }) })
      }
    }
  }
  return { facts, faults }
}

/** Of the facts that are lists; any other one would be read as its only item. */
function isTexts(name: string, value: unknown): boolean {
  return ['preload', 'listen'].includes(name) && Array.isArray(value) && value.every((each) => typeof each === 'string')
}
