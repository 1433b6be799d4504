import type { Rule } from '../rule.ts'
import { as } from '../tree.ts'

export const rule: Rule = {
  id: 'dropped_database',
  level: 'error',
  places: ['up', 'down'],
  statements: ['DropdbStmt'],
  reason: 'DROP DATABASE deletes everything in it, and no migration of one database should reach into another.',
  help: 'Drop databases by hand, or with the tool that made them.',
  source: 'https://www.postgresql.org/docs/current/sql-dropdatabase.html',
  ok: [],
  err: ['--! no-transaction\n-- Up Migration\nDROP DATABASE app;\n\n-- Down Migration\n'],
  *check({ statement }) {
    if (as(statement.tree, 'DropdbStmt') !== undefined) yield {}
  },
}
