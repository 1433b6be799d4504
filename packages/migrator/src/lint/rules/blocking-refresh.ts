import { insertAfter } from '../edit.ts'
import { isNew } from '../known.ts'
import type { Rule } from '../rule.ts'
import { as, nameOf } from '../tree.ts'

export const rule: Rule = {
  id: 'blocking_refresh',
  level: 'error',
  places: ['up', 'down'],
  statements: ['RefreshMatViewStmt'],
  reason:
    'REFRESH MATERIALIZED VIEW takes ACCESS EXCLUSIVE on the view for as long as its query runs: nobody can read it meanwhile.',
  help: 'Write REFRESH MATERIALIZED VIEW CONCURRENTLY; it needs a unique index on columns of the view, without WHERE.',
  source: 'https://www.postgresql.org/docs/current/sql-refreshmaterializedview.html',
  ok: [
    'REFRESH MATERIALIZED VIEW CONCURRENTLY app.counts;',
    'CREATE MATERIALIZED VIEW app.counts AS SELECT 1 AS n WITH NO DATA;\nREFRESH MATERIALIZED VIEW app.counts;',
    'REFRESH MATERIALIZED VIEW app.counts WITH NO DATA;',
  ],
  err: ['REFRESH MATERIALIZED VIEW app.counts;'],
  *check({ statement, known }) {
    const refresh = as(statement.tree, 'RefreshMatViewStmt')
    if (refresh?.relation === undefined || refresh.concurrent === true || refresh.skipData === true) return
    if (isNew(known, refresh.relation)) return
    const edit = insertAfter(statement, /^REFRESH\s+MATERIALIZED\s+VIEW/i, ' CONCURRENTLY')
    yield { detail: `${nameOf(refresh.relation)} is in use.`, fix: edit && { edits: [edit] } }
  },
}
