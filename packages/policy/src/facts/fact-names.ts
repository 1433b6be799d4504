import type { FactName } from '../given-facts.ts'
import { factParsers } from './fact-parsers.ts'

export const factNames: readonly FactName[] = Object.keys(factParsers) as FactName[]
