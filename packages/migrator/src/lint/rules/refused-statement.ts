import { refusedStatement } from '../../sql-text/statements.ts'
import type { Edit, Rule } from '../rule.ts'
import { as } from '../tree.ts'

export const rule: Rule = {
  id: 'refused_statement',
  level: 'error',
  places: ['up', 'down'],
  statements: ['TransactionStmt', 'CopyStmt', 'IndexStmt'],
  reason: 'athena migrate refuses this statement when it plans, since it cannot be run safely.',
  help: 'See what the detail says to write instead.',
  source: 'https://www.postgresql.org/docs/current/sql-createindex.html#SQL-CREATEINDEX-CONCURRENTLY',
  ok: [
    '--! no-transaction\n-- Up Migration\nCREATE INDEX CONCURRENTLY idx_notes_title ON app.notes (title);\n\n-- Down Migration\n',
    "COPY app.notes FROM '/srv/notes.csv';",
  ],
  err: [
    'CREATE INDEX CONCURRENTLY idx_notes_title ON app.notes (title);',
    '--! no-transaction\n-- Up Migration\nCREATE INDEX CONCURRENTLY IF NOT EXISTS idx_notes_title ON app.notes (title);\n\n-- Down Migration\n',
    'BEGIN;',
  ],
  *check({ statement, noTransaction, section }) {
    const refused = refusedStatement(statement, noTransaction)
    if (refused === undefined) return
    const index = as(statement.tree, 'IndexStmt')
    const edits: Edit[] = []
    const found = index?.if_not_exists === true ? /\sIF\s+NOT\s+EXISTS/i.exec(statement.sql) : null
    if (found !== null) {
      const start = statement.offset + found.index
      edits.push({ start, end: start + found[0].length, text: '' })
    }
    const isMendable =
      index?.concurrent === true && index.idxname !== undefined && index.relation?.schemaname !== undefined
    const fix = isMendable && (noTransaction || section.length === 1) ? { edits, noTransaction: true } : undefined
    yield { detail: `${refused}.`, fix }
  },
}
