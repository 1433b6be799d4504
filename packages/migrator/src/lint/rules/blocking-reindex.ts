import { insertAfter } from '../edit.ts'
import { isNewKey } from '../known.ts'
import type { Rule } from '../rule.ts'
import { allOf, as, keyOf } from '../tree.ts'

export const rule: Rule = {
  id: 'blocking_reindex',
  level: 'error',
  places: ['up', 'down'],
  statements: ['ReindexStmt'],
  reason:
    'REINDEX stops all writes to the table until it is done, and every query that would use the index, since it takes ACCESS EXCLUSIVE on it.',
  help: 'Write REINDEX INDEX CONCURRENTLY or REINDEX TABLE CONCURRENTLY, in a file with --! no-transaction at the top.',
  source: 'https://www.postgresql.org/docs/current/sql-reindex.html#SQL-REINDEX-CONCURRENTLY',
  ok: [
    '--! no-transaction\n-- Up Migration\nREINDEX INDEX CONCURRENTLY app.idx_notes_title;\n\n-- Down Migration\n',
    '--! no-transaction\n-- Up Migration\nREINDEX (CONCURRENTLY) TABLE app.notes;\n\n-- Down Migration\n',
  ],
  err: ['REINDEX INDEX app.idx_notes_title;', 'REINDEX TABLE app.notes;'],
  *check({ statement, known, section }) {
    const reindex = as(statement.tree, 'ReindexStmt')
    if (reindex === undefined) return
    if (allOf(reindex.params, 'DefElem').some(({ defname }) => defname === 'concurrently')) return
    if (reindex.relation !== undefined && isNewKey(known, keyOf(reindex.relation))) return
    const edit = insertAfter(statement, /^REINDEX\s+(INDEX|TABLE)/i, ' CONCURRENTLY')
    yield { fix: edit !== undefined && section.length === 1 ? { edits: [edit], noTransaction: true } : undefined }
  },
}
