import { append, insertAfter } from '../edit.ts'
import { isNew, tableOf } from '../known.ts'
import type { Rule } from '../rule.ts'
import { as, nameOf } from '../tree.ts'

export const rule: Rule = {
  id: 'blocking_index_build',
  level: 'error',
  places: ['up', 'down'],
  statements: ['IndexStmt'],
  reason:
    'CREATE INDEX takes a SHARE lock for as long as it reads the table: every INSERT, UPDATE and DELETE waits until it is done.',
  help: 'Write CREATE INDEX CONCURRENTLY, in a file of its own with --! no-transaction at the top. On a partitioned table too: the runner builds one partition after the other.',
  source: 'https://www.postgresql.org/docs/current/sql-createindex.html#SQL-CREATEINDEX-CONCURRENTLY',
  ok: [
    '--! no-transaction\n-- Up Migration\nCREATE INDEX CONCURRENTLY idx_notes_title ON app.notes (title);\n\n-- Down Migration\n',
    'CREATE TABLE app.notes (title text);\nCREATE INDEX idx_notes_title ON app.notes (title);',
    'CREATE INDEX idx_notes_title ON ONLY app.notes (title);',
    'CREATE TEMP TABLE notes (title text);\nCREATE INDEX ON notes (title);',
  ],
  err: [
    'CREATE INDEX idx_notes_title ON app.notes (title);',
    'CREATE UNIQUE INDEX idx_notes_title ON app.notes (title) WHERE title IS NOT NULL;',
    'CREATE TABLE IF NOT EXISTS app.notes (title text);\nCREATE INDEX idx_notes_title ON ONLY app.notes (title);',
    'CREATE TEMP TABLE notes (title text);\nCREATE INDEX idx_notes_title ON public.notes (title);',
    'CREATE TABLE app.all (title text) PARTITION BY LIST (title);\nALTER TABLE app.all ATTACH PARTITION app.notes DEFAULT;\nCREATE INDEX idx_all_title ON app.all (title);',
    'CREATE TABLE app.papers (title text);\nDROP TABLE app.papers;\n-- athena-ignore renamed_table: an example\nALTER TABLE app.notes RENAME TO papers;\nCREATE INDEX idx_papers_title ON app.papers (title);',
  ],
  *check({ statement, known, section }) {
    const index = as(statement.tree, 'IndexStmt')
    if (index?.relation === undefined || index.concurrent === true || isNew(known, index.relation)) return
    // ON ONLY a partitioned table makes an empty index, to which those of the partitions are attached.
    const table = tableOf(known, index.relation)
    const isPlain = table !== undefined && table.columns.size > 0 && table.partitionKey === undefined
    if (index.relation.inh !== true && !isPlain) return
    const edit = insertAfter(statement, /^CREATE\s+(UNIQUE\s+)?INDEX/i, ' CONCURRENTLY')
    const isWritable = index.idxname !== undefined && index.relation.schemaname !== undefined && !index.if_not_exists
    yield {
      detail: `${nameOf(index.relation)} is in use.`,
      fix:
        edit !== undefined && isWritable && section.length === 1 && append(statement, '') !== undefined
          ? { edits: [edit], noTransaction: true }
          : undefined,
    }
  },
}
