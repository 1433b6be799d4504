import { constraintsAdded } from '../alterations.ts'
import type { Rule } from '../rule.ts'
import { nameOf } from '../tree.ts'

const kinds: Partial<Record<string, string>> = {
  CONSTR_PRIMARY: 'PRIMARY KEY',
  CONSTR_UNIQUE: 'UNIQUE',
  CONSTR_EXCLUSION: 'EXCLUDE',
}

export const rule: Rule = {
  id: 'blocking_unique_constraint',
  level: 'error',
  places: ['up', 'down'],
  statements: ['AlterTableStmt'],
  reason:
    'A new UNIQUE, PRIMARY KEY or EXCLUDE constraint builds its index under ACCESS EXCLUSIVE: nobody can read or write the table until it is done.',
  help: 'Build the index first, in a file of its own: CREATE UNIQUE INDEX CONCURRENTLY; then ADD CONSTRAINT … UNIQUE USING INDEX. A primary key needs its columns NOT NULL before. There is no such way for EXCLUDE.',
  source:
    'https://www.postgresql.org/docs/current/sql-altertable.html#SQL-ALTERTABLE-DESC-ADD-TABLE-CONSTRAINT-USING-INDEX',
  ok: [
    'ALTER TABLE app.notes ADD CONSTRAINT notes_title_key UNIQUE USING INDEX idx_notes_title;',
    'CREATE TABLE app.notes (id bigint PRIMARY KEY, title text UNIQUE);',
    'CREATE TABLE app.notes (id bigint);\nALTER TABLE app.notes ADD PRIMARY KEY (id);',
  ],
  err: [
    'ALTER TABLE app.notes ADD CONSTRAINT notes_title_key UNIQUE (title);',
    'ALTER TABLE app.notes ADD PRIMARY KEY (id);',
    'ALTER TABLE app.notes ADD COLUMN title text UNIQUE;',
    'ALTER TABLE app.stays ADD CONSTRAINT stays_apart EXCLUDE USING gist (during WITH &&);',
  ],
  *check(context) {
    for (const { table, constraint } of constraintsAdded(context)) {
      const kind = kinds[constraint.contype ?? '']
      if (kind !== undefined && constraint.indexname === undefined)
        yield { at: constraint.location, detail: `${kind} on ${nameOf(table)}, which is in use.` }
    }
  },
}
