import type { ServerFacts } from '../facts/server-facts.ts'
import type { TableAdvice } from '../recommendation.ts'
import { clamp } from '../rounding.ts'

const share = 0.05

/** Updated at each retrieval, in a row of about 70 bytes with no index but its key. */
export function memoryAccess({ workload: { rows } }: ServerFacts): TableAdvice {
  const why = 'Few dead rows at a time keep each row next to its successor'
  return {
    table: 'memory_access',
    partitioned: false,
    parameters: [
      {
        name: 'fillfactor',
        value: '80',
        reason:
          'As the table was made: a fifth of each page, some twenty rows, is kept free for updates that stay on the page and so touch no index (HOT). A change counts for pages written from then on.',
      },
      ...(rows === undefined
        ? [
            {
              name: 'autovacuum_vacuum_scale_factor',
              value: String(share),
              reason: `${why}: at 5 % of the rows.`,
            },
          ]
        : [
            {
              name: 'autovacuum_vacuum_scale_factor',
              value: '0',
              reason: 'The threshold alone decides, since the number of rows is known.',
            },
            {
              name: 'autovacuum_vacuum_threshold',
              value: String(clamp(Math.round(share * rows), 1000, 50_000)),
              reason: `${why}: 5 % of at most ${rows} rows, between 1000 and 50000.`,
            },
          ]),
      {
        name: 'autovacuum_vacuum_cost_delay',
        value: '0',
        reason: 'The table is small: about 90 bytes a row with its key. Vacuum is done with it before waiting pays.',
      },
    ],
  }
}
