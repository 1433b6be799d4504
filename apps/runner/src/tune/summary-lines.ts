import type { FactName, Recommendation } from '@athena-pg/policy'
import { gigabytes } from '../show/gigabytes.ts'
import type { ReadFacts } from './options.ts'

/** For the person: where the facts come from, what is to be feared, and what to type next. */
export function summaryLines({ facts, memory, warnings }: Recommendation, { origins }: ReadFacts): string[] {
  const byOrigin = new Map<string, FactName[]>()
  for (const [name, origin] of Object.entries(origins) as [FactName, string][]) {
    if (!origin.startsWith('default: ')) byOrigin.set(origin, [...(byOrigin.get(origin) ?? []), name])
  }
  const told = [...byOrigin].map(([origin, names]) =>
    origin.startsWith('--') ? origin : `${names.join(', ')} of ${origin}`,
  )
  return [
    `facts: ${told.join('; ')}; the rest by default`,
    `memory: at worst ${gigabytes(memory.worstCase)} of ${gigabytes(facts.memory)}, with ${facts.workload.connections} connections`,
    ...warnings.flatMap(({ message, hint }) => [`warning: ${message}`, ...(hint === undefined ? [] : [`  ${hint}`])]),
    'next: athena tune explain work_mem, with the same flags, says why; so for any setting',
  ]
}
