import { tableOf } from '../known.ts'
import type { Rule } from '../rule.ts'
import { as, nameOf } from '../tree.ts'

export const rule: Rule = {
  id: 'ivfflat_on_empty_table',
  level: 'warning',
  places: ['up'],
  statements: ['IndexStmt'],
  reason:
    'IVFFlat takes the centres of its lists from the rows that are there when it is built: on an empty table they mean nothing, and searches miss most neighbours.',
  help: 'Build it in a later migration, when rows are there, and again when there are many more; or use HNSW, which needs none.',
  source: 'https://github.com/pgvector/pgvector#ivfflat',
  ok: [
    'CREATE TABLE app.notes (e vector(3));\nCREATE INDEX ON app.notes USING hnsw (e vector_l2_ops);',
    'CREATE TABLE app.notes AS SELECT e FROM app.drafts;\nCREATE INDEX ON app.notes USING ivfflat (e vector_l2_ops);',
  ],
  err: ['CREATE TABLE app.notes (e vector(3));\nCREATE INDEX ON app.notes USING ivfflat (e vector_l2_ops);'],
  *check({ statement, known }) {
    const index = as(statement.tree, 'IndexStmt')
    const table = tableOf(known, index?.relation)
    if (index?.accessMethod !== 'ivfflat' || index.relation === undefined) return
    if (table?.era === known.era && !table.hasRows) yield { detail: `${nameOf(index.relation)} is new.` }
  },
}
