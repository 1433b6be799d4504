import { constraintsAdded } from '../alterations.ts'
import { append } from '../edit.ts'
import type { Rule } from '../rule.ts'
import { nameOf } from '../tree.ts'

export const rule: Rule = {
  id: 'validating_check',
  level: 'error',
  places: ['up', 'down'],
  statements: ['AlterTableStmt'],
  reason:
    'A new CHECK reads the whole table under ACCESS EXCLUSIVE: nobody can read or write it until every row is checked.',
  help: 'Add it NOT VALID, which only checks new rows, and in a later migration VALIDATE CONSTRAINT, which blocks neither reads nor writes.',
  source: 'https://www.postgresql.org/docs/current/sql-altertable.html#SQL-ALTERTABLE-NOTES',
  ok: [
    "ALTER TABLE app.notes ADD CONSTRAINT notes_title_size CHECK (title <> '') NOT VALID;",
    "CREATE TABLE app.notes (title text CHECK (title <> ''));",
    "CREATE TABLE app.notes (title text);\nALTER TABLE app.notes ADD CONSTRAINT notes_title_size CHECK (title <> '');",
  ],
  err: [
    "ALTER TABLE app.notes ADD CONSTRAINT notes_title_size CHECK (title <> '');",
    "ALTER TABLE app.notes ADD COLUMN title text CHECK (title <> '');",
  ],
  *check(context) {
    for (const { table, constraint, isOnly } of constraintsAdded(context)) {
      if (constraint.contype !== 'CONSTR_CHECK' || constraint.skip_validation || constraint.is_enforced === undefined)
        continue
      const edit = isOnly ? append(context.statement, ' NOT VALID') : undefined
      yield { at: constraint.location, detail: `${nameOf(table)} is in use.`, fix: edit && { edits: [edit] } }
    }
  },
}
