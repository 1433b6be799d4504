import { alterationsInUse } from '../alterations.ts'
import type { Rule } from '../rule.ts'
import { nameOf } from '../tree.ts'

export const rule: Rule = {
  id: 'dropped_column',
  level: 'warning',
  places: ['up'],
  statements: ['AlterTableStmt'],
  reason: 'Programs that still read or write a dropped column fail at once, and what was in it is gone.',
  help: 'First release programs that do not use it, then drop it, and say in an athena-ignore comment since when nothing does.',
  source: 'https://www.postgresql.org/docs/current/sql-altertable.html#SQL-ALTERTABLE-DESC-DROP-COLUMN',
  ok: ['CREATE TABLE app.notes (a int, b int);\nALTER TABLE app.notes DROP COLUMN b;'],
  err: ['ALTER TABLE app.notes DROP COLUMN title;'],
  *check(context) {
    for (const { table, command } of alterationsInUse(context))
      if (command.subtype === 'AT_DropColumn') yield { detail: `${command.name} of ${nameOf(table)}` }
  },
}
