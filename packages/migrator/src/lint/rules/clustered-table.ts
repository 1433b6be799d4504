import { isNew } from '../known.ts'
import type { Rule } from '../rule.ts'
import { as } from '../tree.ts'

export const rule: Rule = {
  id: 'clustered_table',
  level: 'error',
  places: ['up', 'down'],
  statements: ['ClusterStmt'],
  reason:
    'CLUSTER writes the whole table anew under ACCESS EXCLUSIVE: nobody can read or write it meanwhile. New rows are not kept in that order.',
  help: 'Use pg_repack with an order, or REPACK (CONCURRENTLY) … USING INDEX from PostgreSQL 19 on; or choose a covering index instead.',
  source: 'https://www.postgresql.org/docs/current/sql-cluster.html',
  ok: ['CREATE TABLE app.notes (n int PRIMARY KEY);\nCLUSTER app.notes USING notes_pkey;'],
  err: ['CLUSTER app.notes USING notes_pkey;', '--! no-transaction\n-- Up Migration\nCLUSTER;\n\n-- Down Migration\n'],
  *check({ statement, known }) {
    const cluster = as(statement.tree, 'ClusterStmt')
    if (cluster === undefined || isNew(known, cluster.relation)) return
    yield {}
  },
}
