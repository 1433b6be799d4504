import type { Rule } from '../rule.ts'
import { as } from '../tree.ts'

export const rule: Rule = {
  id: 'citus_merge_values',
  level: 'warning',
  places: ['up', 'function'],
  statements: ['MergeStmt'],
  reason: 'Citus refuses MERGE whose source is a list of VALUES.',
  help: 'Write INSERT … ON CONFLICT DO UPDATE.',
  source: 'https://docs.citusdata.com/en/stable/develop/reference_workarounds.html',
  ok: ['MERGE INTO app.notes n USING app.drafts d ON n.id = d.id WHEN NOT MATCHED THEN INSERT VALUES (d.id);'],
  err: [
    'MERGE INTO app.notes n USING (VALUES (1)) AS v (id) ON n.id = v.id WHEN NOT MATCHED THEN INSERT VALUES (v.id);',
  ],
  *check({ statement }) {
    const source = as(as(statement.tree, 'MergeStmt')?.sourceRelation, 'RangeSubselect')
    if (as(source?.subquery, 'SelectStmt')?.valuesLists !== undefined) yield {}
  },
}
