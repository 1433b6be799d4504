import { isNew } from '../known.ts'
import type { Rule } from '../rule.ts'
import { as, nameOf } from '../tree.ts'

export const rule: Rule = {
  id: 'renamed_column',
  level: 'warning',
  places: ['up'],
  statements: ['RenameStmt'],
  reason:
    'Programs that are running know the old name and fail from the moment of the renaming until they are replaced.',
  help: 'Add a column of the new name, let programs write both, fill it in batches, then drop the old one; or give programs a view.',
  source: 'https://www.postgresql.org/docs/current/sql-altertable.html#SQL-ALTERTABLE-DESC-RENAME',
  ok: ['CREATE TABLE app.notes (a int);\nALTER TABLE app.notes RENAME COLUMN a TO b;'],
  err: ['ALTER TABLE app.notes RENAME COLUMN title TO name;'],
  *check({ statement, known }) {
    const rename = as(statement.tree, 'RenameStmt')
    if (rename?.relation === undefined || rename.renameType !== 'OBJECT_COLUMN' || isNew(known, rename.relation)) return
    yield { detail: `${rename.subname} of ${nameOf(rename.relation)} to ${rename.newname}` }
  },
}
