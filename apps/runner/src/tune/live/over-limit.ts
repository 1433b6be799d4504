import type { MemoryBudget } from '@athena-pg/policy'

/** Where something else than what is recommended stays, the others do not make up for it. */
export function overLimit({ worstCase, limit }: MemoryBudget): string[] {
  if (worstCase <= limit) return []
  return [
    `the worst case of memory is over the limit even then (${Math.round((worstCase / limit) * 100)} %): look at what is left out, kept or overridden`,
  ]
}
