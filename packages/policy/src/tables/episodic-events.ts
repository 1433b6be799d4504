import type { ServerFacts } from '../facts/server-facts.ts'
import type { TableAdvice } from '../recommendation.ts'
import type { Get } from '../settings/setting-rule.ts'

/** The months of episodic_events: rows are added, changed once when they are consolidated, and then only read. */
export function episodicEvents(_: ServerFacts, get: Get): TableAdvice {
  const usual = get.number('autovacuum_vacuum_insert_scale_factor')
  return {
    table: 'episodic_events',
    partitioned: true,
    parameters: [
      {
        name: 'autovacuum_vacuum_insert_scale_factor',
        value: '0.05',
        reason: `Rows are added and hardly ever die, so inserts have to call vacuum: after 5 % of new rows instead of ${usual * 100} %. It marks pages as visible to all and empties the pending list of the index on context.`,
      },
      {
        name: 'autovacuum_freeze_min_age',
        value: '0',
        reason:
          'A month that is over is never written again: rows frozen by the vacuum that comes anyway spare reading all months at once when transaction ids run short.',
      },
      {
        name: 'autovacuum_vacuum_scale_factor',
        value: '0.1',
        reason:
          'Each event leaves one dead row when it is consolidated, in runs of thousands: at 10 % of the month. There is no vector index to mend.',
      },
    ],
  }
}
