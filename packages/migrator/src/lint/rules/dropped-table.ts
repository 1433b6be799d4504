import { isNewKey } from '../known.ts'
import type { Rule } from '../rule.ts'
import { allOf, as, keyOfParts, parts } from '../tree.ts'

const kinds = ['OBJECT_TABLE', 'OBJECT_FOREIGN_TABLE', 'OBJECT_MATVIEW', 'OBJECT_SCHEMA']

export const rule: Rule = {
  id: 'dropped_table',
  level: 'warning',
  places: ['up'],
  statements: ['DropStmt'],
  reason: 'Programs that still use a dropped table fail at once, and its rows are gone.',
  help: 'First release programs that do not use it; keep a dump; then drop it, and say in an athena-ignore comment since when nothing uses it.',
  source: 'https://www.postgresql.org/docs/current/sql-droptable.html',
  ok: ['CREATE TABLE app.notes (n int);\nDROP TABLE app.notes;', 'DROP VIEW app.titles;'],
  err: ['DROP TABLE app.notes;', 'DROP TABLE IF EXISTS app.notes, app.drafts CASCADE;', 'DROP SCHEMA app;'],
  *check({ statement, known }) {
    const drop = as(statement.tree, 'DropStmt')
    if (drop === undefined || !kinds.includes(drop.removeType ?? '')) return
    const names = [
      ...allOf(drop.objects, 'List').map(({ items }) => parts(items)),
      ...parts(drop.objects).map((name) => [name]),
    ]
    const old = names.filter((name) => !isNewKey(known, keyOfParts(name)))
    if (old.length > 0) yield { detail: old.map((name) => name.join('.')).join(', ') }
  },
}
