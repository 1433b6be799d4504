import type { Rule } from '../rule.ts'
import { allOf, as, find, parts } from '../tree.ts'

/** Not immutable, and common where a row is touched. */
const changing = ['now', 'clock_timestamp', 'statement_timestamp', 'transaction_timestamp', 'random', 'gen_random_uuid']

export const rule: Rule = {
  id: 'citus_conflict_function',
  level: 'warning',
  places: ['up', 'function'],
  statements: ['InsertStmt'],
  reason: 'Citus refuses ON CONFLICT DO UPDATE that sets a column by a function which is not IMMUTABLE, such as now().',
  help: 'Insert the value and take it over: SET updated_at = excluded.updated_at.',
  source: 'https://docs.citusdata.com/en/stable/develop/reference_workarounds.html',
  ok: ['INSERT INTO app.notes (id, at) VALUES (1, now()) ON CONFLICT (id) DO UPDATE SET at = excluded.at;'],
  err: [
    'INSERT INTO app.notes (id) VALUES (1) ON CONFLICT (id) DO UPDATE SET at = now();',
    'INSERT INTO app.notes (id) VALUES (1) ON CONFLICT (id) DO UPDATE SET at = CURRENT_TIMESTAMP;',
  ],
  *check({ statement }) {
    const conflict = as(statement.tree, 'InsertStmt')?.onConflictClause
    for (const target of allOf(conflict?.targetList, 'ResTarget')) {
      const call = [...find(target.val, 'FuncCall')].find(({ funcname }) =>
        changing.includes(parts(funcname).at(-1) ?? ''),
      )
      const value = [...find(target.val, 'SQLValueFunction')][0]
      if (call !== undefined || value !== undefined) yield { at: target.location, detail: target.name }
    }
  },
}
