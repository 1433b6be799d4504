import type { Rule } from '../rule.ts'
import { allOf, as, nameOf } from '../tree.ts'

export const rule: Rule = {
  id: 'cascading_truncate',
  level: 'error',
  places: ['up', 'down'],
  statements: ['TruncateStmt'],
  reason:
    'TRUNCATE … CASCADE also empties every table that refers to this one, and those that refer to them, whatever they are by the time it runs.',
  help: 'Name each table that is to be emptied: TRUNCATE a, b.',
  source: 'https://www.postgresql.org/docs/current/sql-truncate.html',
  ok: ['TRUNCATE app.notes, app.note_tags;'],
  err: ['TRUNCATE app.notes CASCADE;'],
  *check({ statement }) {
    const truncate = as(statement.tree, 'TruncateStmt')
    if (truncate?.behavior === 'DROP_CASCADE')
      yield { detail: allOf(truncate.relations, 'RangeVar').map(nameOf).join(', ') }
  },
}
