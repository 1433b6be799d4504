import { isNewKey } from '../known.ts'
import type { Rule } from '../rule.ts'
import { allOf, as, keyOf, nameOf } from '../tree.ts'

export const rule: Rule = {
  id: 'moved_tablespace',
  level: 'error',
  places: ['up', 'down'],
  statements: ['AlterTableStmt', 'AlterTableMoveAllStmt'],
  reason:
    'SET TABLESPACE copies every page under ACCESS EXCLUSIVE: nobody can read or write the table until the copy is done.',
  help: 'For an index: REINDEX (CONCURRENTLY, TABLESPACE name) INDEX. For a table: a new table there, filled in batches, then swapped; or a window without traffic.',
  source: 'https://www.postgresql.org/docs/current/sql-altertable.html#SQL-ALTERTABLE-DESC-SET-TABLESPACE',
  ok: ['CREATE TABLE app.notes (n int) TABLESPACE fast;'],
  err: ['ALTER TABLE app.notes SET TABLESPACE fast;', 'ALTER INDEX app.idx_notes_title SET TABLESPACE fast;'],
  *check({ statement, known }) {
    const alter = as(statement.tree, 'AlterTableStmt')
    const isMove = allOf(alter?.cmds, 'AlterTableCmd').some(({ subtype }) => subtype === 'AT_SetTableSpace')
    if (isMove && alter?.relation !== undefined && !isNewKey(known, keyOf(alter.relation)))
      yield { detail: `${nameOf(alter.relation)} is in use.` }
    if (as(statement.tree, 'AlterTableMoveAllStmt') !== undefined) yield { detail: 'All in the tablespace are moved.' }
  },
}
