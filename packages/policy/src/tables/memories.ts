import type { ServerFacts } from '../facts/server-facts.ts'
import type { TableAdvice } from '../recommendation.ts'
import { clamp } from '../rounding.ts'
import type { Get } from '../settings/setting-rule.ts'
import { durationText } from '../text/duration-text.ts'

const share = 0.02
/** Milliseconds that vacuum takes for each dead row to mend an HNSW graph. Measured: 5 to 17. */
const repair = [5, 17] as const

/** The partitions of memories, each with a graph that vacuum has to mend row by row. */
export function memories({ storage, workload }: ServerFacts, get: Get): TableAdvice {
  const { rows, partitions, growth } = workload
  const usual = get.number('autovacuum_vacuum_scale_factor')
  const dead = rows === undefined ? undefined : clamp(Math.round((share * rows) / partitions), 500, 20_000)
  const work = (count: number) => repair.map((each) => durationText(count * each)).join(' to ')
  const mends = `Vacuum mends the graph in 5 to 17 ms for each dead row, searches count dead rows among their candidates, and every new row leaves one when it is indexed${growth === undefined ? '' : `, ${growth} a day over ${partitions} partitions`}.`
  const balanced =
    storage === 'hdd'
      ? []
      : [
          {
            name: 'autovacuum_vacuum_cost_limit',
            value: String(get.number('autovacuum_vacuum_cost_limit')),
            reason:
              'The same as for the server, but of its own: a table that has a limit does not share one with the other workers, and mending a graph is the longest work there is.',
          },
        ]
  return {
    table: 'memories',
    partitioned: true,
    parameters: [
      ...(dead === undefined || rows === undefined
        ? [
            {
              name: 'autovacuum_vacuum_scale_factor',
              value: String(share),
              reason: `${mends} At 2 % of the rows of a partition instead of ${usual * 100} %: small bites.`,
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
              value: String(dead),
              reason: `2 % of ${rows} rows / ${partitions} partitions, between 500 and 20000: ${work(dead)} of mending, instead of ${work((usual * rows) / partitions)} at ${usual * 100} %. ${mends}`,
            },
          ]),
      {
        name: 'autovacuum_vacuum_insert_scale_factor',
        value: '0.05',
        reason:
          'After 5 % of new rows instead of 20 %: it empties the pending list of the full-text index, which every search of words reads, and touches no graph when no row is dead.',
      },
      {
        name: 'autovacuum_analyze_scale_factor',
        value: '0.05',
        reason:
          "The search functions compare a project's rows with 14 x sqrt(rows of the partition by statistics): 5 % off there are 2.5 % here. Not more often: a sample of 30,000 rows reads about as many pages, since two to four rows fill one.",
      },
      ...balanced,
    ],
  }
}
