import { alterationsInUse } from '../alterations.ts'
import { tableOf } from '../known.ts'
import type { Rule } from '../rule.ts'
import { nameOf, parts } from '../tree.ts'

export const rule: Rule = {
  id: 'scanning_not_null',
  level: 'error',
  places: ['up', 'down'],
  statements: ['AlterTableStmt'],
  reason:
    'SET NOT NULL reads the whole table under ACCESS EXCLUSIVE: nobody can read or write it until every row is checked.',
  help: 'Add CHECK (column IS NOT NULL) NOT VALID, VALIDATE it in a later migration, then SET NOT NULL: the valid check spares the scan. From PostgreSQL 18 on: ADD CONSTRAINT … NOT NULL column NOT VALID, then VALIDATE.',
  source: 'https://www.postgresql.org/docs/current/sql-altertable.html#SQL-ALTERTABLE-DESC-SET-DROP-NOT-NULL',
  ok: [
    'CREATE TABLE app.notes (title text);\nALTER TABLE app.notes ALTER COLUMN title SET NOT NULL;',
    '--! no-transaction\n-- Up Migration\nALTER TABLE app.notes ADD CONSTRAINT notes_title CHECK (title IS NOT NULL) NOT VALID;\nALTER TABLE app.notes VALIDATE CONSTRAINT notes_title;\nALTER TABLE app.notes ALTER COLUMN title SET NOT NULL;\n\n-- Down Migration\n',
    'ALTER TABLE app.notes ADD CONSTRAINT notes_title NOT NULL title NOT VALID;',
  ],
  err: [
    'ALTER TABLE app.notes ALTER COLUMN title SET NOT NULL;',
    'ALTER TABLE app.notes ADD CONSTRAINT notes_title_check CHECK (title IS NOT NULL) NOT VALID;\nALTER TABLE app.notes ALTER COLUMN title SET NOT NULL;',
    'ALTER TABLE app.notes ADD CONSTRAINT notes_title NOT NULL title;',
    '--! no-transaction\n-- Up Migration\nALTER TABLE app.notes ADD CONSTRAINT a CHECK (title IS NOT NULL) NOT VALID;\nALTER TABLE app.notes VALIDATE CONSTRAINT a;\nALTER TABLE app.notes DROP CONSTRAINT a;\nALTER TABLE app.notes ALTER COLUMN title SET NOT NULL;\n\n-- Down Migration\n',
  ],
  *check(context) {
    for (const { table, command, constraint } of alterationsInUse(context)) {
      const added =
        constraint?.contype === 'CONSTR_NOTNULL' && constraint.skip_validation !== true
          ? parts(constraint.keys)[0]
          : undefined
      const column = command.subtype === 'AT_SetNotNull' ? command.name : added
      const proofs = tableOf(context.known, table)?.notNull.values() ?? []
      if (column === undefined || [...proofs].includes(column)) continue
      yield { detail: `No valid check says yet that ${column} of ${nameOf(table)} is not null.` }
    }
  },
}
