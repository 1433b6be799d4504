import { isNew } from '../known.ts'
import type { Rule } from '../rule.ts'
import { as, nameOf } from '../tree.ts'

const kinds = ['OBJECT_TABLE', 'OBJECT_VIEW', 'OBJECT_MATVIEW', 'OBJECT_FOREIGN_TABLE']

export const rule: Rule = {
  id: 'renamed_table',
  level: 'warning',
  places: ['up'],
  statements: ['RenameStmt'],
  reason:
    'Programs that are running know the old name and fail from the moment of the renaming until they are replaced.',
  help: 'In the same file create a view with the old name: a simple view can be written through; drop it when nothing uses it any more.',
  source: 'https://www.postgresql.org/docs/current/sql-createview.html#SQL-CREATEVIEW-UPDATABLE-VIEWS',
  ok: ['CREATE TABLE app.notes (a int);\nALTER TABLE app.notes RENAME TO papers;'],
  err: ['ALTER TABLE app.notes RENAME TO papers;'],
  *check({ statement, known }) {
    const rename = as(statement.tree, 'RenameStmt')
    if (rename?.relation === undefined || isNew(known, rename.relation)) return
    if (kinds.includes(rename.renameType ?? '')) yield { detail: `${nameOf(rename.relation)} to ${rename.newname}` }
  },
}
