import { factParsers } from './fact-parsers.ts'
import type { FactName } from './given-facts.ts'

export const factNames: readonly FactName[] = Object.keys(factParsers) as FactName[]
