import { columnsMade } from '../alterations.ts'
import { replaceAt } from '../edit.ts'
import type { Rule } from '../rule.ts'
import { typeOf } from '../tree.ts'

export const rule: Rule = {
  id: 'padded_char_column',
  level: 'warning',
  places: ['up'],
  statements: ['CreateStmt', 'AlterTableStmt'],
  reason: 'char(n) pads every value with spaces, which some comparisons see and others do not.',
  help: 'Use text, with a CHECK where the length matters.',
  source: 'https://www.postgresql.org/docs/current/datatype-character.html',
  ok: [
    'CREATE TABLE app.notes (code text CHECK (length(code) = 2), kind varchar(9));',
    'CREATE TABLE app.notes (flag "char");',
  ],
  err: ['CREATE TABLE app.notes (code char(2));', 'ALTER TABLE app.notes ADD COLUMN code character(2);'],
  *check(context) {
    for (const { colname, typeName } of columnsMade(context)) {
      if (typeOf(typeName) !== 'bpchar') continue
      const written = /^(char|character|bpchar)(\s*\(\s*\d+\s*\))?(?![\w\s]*varying)/i
      const edit = replaceAt(context.statement, typeName?.location, written, 'text')
      yield { at: typeName?.location, detail: colname, fix: edit && { edits: [edit] } }
    }
  },
}
