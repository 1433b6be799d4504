import type { Rule } from '../rule.ts'
import { as } from '../tree.ts'

export const rule: Rule = {
  id: 'unordered_enum_value',
  level: 'warning',
  places: ['up'],
  statements: ['AlterEnumStmt'],
  reason:
    'A value that is added without BEFORE or AFTER sorts last, which queries with <, ORDER BY or max() notice. It cannot be removed again.',
  help: 'Say where it belongs: ADD VALUE … AFTER …; or use text with a CHECK.',
  source: 'https://www.postgresql.org/docs/current/sql-altertype.html',
  ok: ["ALTER TYPE app.state ADD VALUE 'waiting' AFTER 'new';"],
  err: ["ALTER TYPE app.state ADD VALUE 'waiting';"],
  *check({ statement }) {
    const alter = as(statement.tree, 'AlterEnumStmt')
    if (alter?.newVal !== undefined && alter.oldVal === undefined && alter.newValNeighbor === undefined)
      yield { detail: `'${alter.newVal}'` }
  },
}
