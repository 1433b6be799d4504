import { constraintsAdded } from '../alterations.ts'
import { append } from '../edit.ts'
import { tableOf } from '../known.ts'
import type { Rule } from '../rule.ts'
import { nameOf } from '../tree.ts'

export const rule: Rule = {
  id: 'validating_foreign_key',
  level: 'error',
  places: ['up', 'down'],
  statements: ['AlterTableStmt'],
  reason:
    'A new foreign key reads the whole table while SHARE ROW EXCLUSIVE is held on both tables: all writes to either wait until every row is checked.',
  help: 'Add it NOT VALID, which only checks new rows, and in a later migration VALIDATE CONSTRAINT, which blocks no writes. On a partitioned table PostgreSQL knows this from 18 on.',
  source: 'https://www.postgresql.org/docs/current/sql-altertable.html#SQL-ALTERTABLE-NOTES',
  ok: [
    'ALTER TABLE app.notes ADD CONSTRAINT notes_author_fkey FOREIGN KEY (author_id) REFERENCES app.authors (id) NOT VALID;',
    'CREATE TABLE app.notes (author_id bigint REFERENCES app.authors (id));',
    'CREATE TABLE app.notes (author_id bigint);\nALTER TABLE app.notes ADD CONSTRAINT notes_author_fkey FOREIGN KEY (author_id) REFERENCES app.authors (id);',
  ],
  err: [
    'ALTER TABLE app.notes ADD CONSTRAINT notes_author_fkey FOREIGN KEY (author_id) REFERENCES app.authors (id);',
    'ALTER TABLE app.notes ADD COLUMN author_id bigint REFERENCES app.authors (id);',
  ],
  *check(context) {
    for (const { table, constraint, isOnly } of constraintsAdded(context)) {
      if (constraint.contype !== 'CONSTR_FOREIGN' || constraint.skip_validation || constraint.is_enforced === undefined)
        continue
      const isPartitioned = tableOf(context.known, table)?.partitionKey !== undefined
      const edit = isOnly && !isPartitioned ? append(context.statement, ' NOT VALID') : undefined
      yield {
        at: constraint.location,
        detail: `${nameOf(table)} is in use.`,
        fix: edit && { edits: [edit] },
      }
    }
  },
}
