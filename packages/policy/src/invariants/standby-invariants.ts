import { amountOf } from '../catalogue/entry-of.ts'
import type { Recommendation } from '../recommendation.ts'
import type { Violation } from './setting-invariants.ts'

/** PostgreSQL: Hot Standby, Administrator's Overview. */
const atLeastAsOnPrimary = [
  'max_connections',
  'max_locks_per_transaction',
  'max_prepared_transactions',
  'max_wal_senders',
  'max_worker_processes',
] as const

/** A standby with less of these than its primary stops replaying, or does not start. */
export function standbyViolations(primary: Recommendation, standby: Recommendation): Violation[] {
  return atLeastAsOnPrimary.flatMap((name) => {
    const [needed, has] = [primary, standby].map((each) => Number(amountOf(each, name))) as [number, number]
    if (has >= needed) return []
    const message = `${name} is ${has} on the standby and ${needed} on the primary`
    return [
      { code: 'standby_smaller_than_primary', message, hint: `${name} = ${needed} on the standby, before its start.` },
    ]
  })
}
