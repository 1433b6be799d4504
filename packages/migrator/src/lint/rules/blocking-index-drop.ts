import { insertAfter } from '../edit.ts'
import { isNewKey } from '../known.ts'
import type { Rule } from '../rule.ts'
import { allOf, as, keyOfParts, parts } from '../tree.ts'

export const rule: Rule = {
  id: 'blocking_index_drop',
  level: 'warning',
  places: ['up', 'down'],
  statements: ['DropStmt'],
  reason:
    'DROP INDEX takes ACCESS EXCLUSIVE on the table: it waits for every open query, and all others wait behind it, readers included.',
  help: 'Write DROP INDEX CONCURRENTLY, one index a statement, in a file with --! no-transaction at the top. An index of a partitioned table cannot be dropped so.',
  source: 'https://www.postgresql.org/docs/current/sql-dropindex.html',
  ok: [
    '--! no-transaction\n-- Up Migration\nDROP INDEX CONCURRENTLY app.idx_notes_title;\n\n-- Down Migration\n',
    'CREATE TABLE app.notes (title text);\nCREATE INDEX idx_notes_title ON app.notes (title);\nDROP INDEX app.idx_notes_title;',
    '--! no-transaction\n-- Up Migration\nCREATE TABLE app.notes (id bigint, title text) PARTITION BY HASH (id);\nCREATE INDEX CONCURRENTLY idx_notes_title ON app.notes (title);\n\n-- Down Migration\nDROP INDEX app.idx_notes_title;',
  ],
  err: [
    'DROP INDEX app.idx_notes_title;',
    '-- Up Migration\nSELECT 1;\n-- Down Migration\nDROP INDEX app.idx_notes_title;',
  ],
  *check({ statement, known, section }) {
    const drop = as(statement.tree, 'DropStmt')
    if (drop?.removeType !== 'OBJECT_INDEX' || drop.concurrent === true) return
    const names = allOf(drop.objects, 'List').map(({ items }) => parts(items))
    const blocking = names.filter((name) => {
      const key = keyOfParts(name)
      const isPartitioned = known.tables.get(known.indexes.get(key) ?? '')?.partitionKey !== undefined
      return !isPartitioned && !isNewKey(known, key)
    })
    if (blocking.length === 0) return
    const edit = insertAfter(statement, /^DROP\s+INDEX/i, ' CONCURRENTLY')
    const isWritable = names.length === 1 && section.length === 1 && drop.behavior !== 'DROP_CASCADE'
    yield {
      detail: `${blocking.map((name) => name.join('.')).join(', ')}`,
      fix: edit !== undefined && isWritable ? { edits: [edit], noTransaction: true } : undefined,
    }
  },
}
