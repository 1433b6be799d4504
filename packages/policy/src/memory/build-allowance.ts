import type { ServerFacts } from '../facts/server-facts.ts'
import { clamp, down } from '../rounding.ts'
import { GB, MB } from '../units.ts'

/** Most that the budget gives one index build, in bytes: an eighth of the memory, within 16 MB and 64 GB. */
export function buildAllowance({ memory }: Pick<ServerFacts, 'memory'>): number {
  return down(clamp(memory / 8, 16 * MB, 64 * GB), MB)
}
