import { alterationsInUse } from '../alterations.ts'
import type { Rule } from '../rule.ts'
import { nameOf } from '../tree.ts'

export const rule: Rule = {
  id: 'dropped_not_null',
  level: 'warning',
  places: ['up'],
  statements: ['AlterTableStmt'],
  reason: 'Programs that were written for a column without nulls may fail on the first one.',
  help: 'First release programs that know nulls, then drop the constraint, and say so in an athena-ignore comment.',
  source: 'https://www.postgresql.org/docs/current/sql-altertable.html#SQL-ALTERTABLE-DESC-SET-DROP-NOT-NULL',
  ok: ['CREATE TABLE app.notes (n int NOT NULL);\nALTER TABLE app.notes ALTER COLUMN n DROP NOT NULL;'],
  err: ['ALTER TABLE app.notes ALTER COLUMN title DROP NOT NULL;'],
  *check(context) {
    for (const { table, command } of alterationsInUse(context))
      if (command.subtype === 'AT_DropNotNull') yield { detail: `${command.name} of ${nameOf(table)}` }
  },
}
