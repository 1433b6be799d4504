import type { Rule } from '../rule.ts'
import { as, nameOf } from '../tree.ts'

export const rule: Rule = {
  id: 'citus_subpartition',
  level: 'warning',
  places: ['up'],
  statements: ['CreateStmt'],
  reason: 'Citus refuses to distribute a table whose partitions are partitioned again.',
  help: 'Partition on one level: shards take the place of the other.',
  source: 'https://docs.citusdata.com/en/stable/use_cases/timeseries.html',
  ok: [
    'CREATE TABLE app.events (n int) PARTITION BY LIST (n);\nCREATE TABLE app.events_1 PARTITION OF app.events FOR VALUES IN (1);',
  ],
  err: [
    'CREATE TABLE app.events (n int, at date) PARTITION BY LIST (n);\nCREATE TABLE app.events_1 PARTITION OF app.events FOR VALUES IN (1) PARTITION BY RANGE (at);',
  ],
  *check({ statement }) {
    const create = as(statement.tree, 'CreateStmt')
    if (create?.partbound !== undefined && create.partspec !== undefined && create.relation !== undefined)
      yield { detail: nameOf(create.relation) }
  },
}
