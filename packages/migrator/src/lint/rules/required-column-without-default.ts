import { alterationsInUse } from '../alterations.ts'
import type { Rule } from '../rule.ts'
import { constraintsOf, nameOf, typeOf } from '../tree.ts'

const givesValue = ['CONSTR_DEFAULT', 'CONSTR_GENERATED', 'CONSTR_IDENTITY']

export const rule: Rule = {
  id: 'required_column_without_default',
  level: 'error',
  places: ['up', 'down'],
  statements: ['AlterTableStmt'],
  reason:
    'A new NOT NULL column without a DEFAULT fails on a table that has rows, and programs that do not know it cannot insert.',
  help: 'Give it a constant DEFAULT, which rewrites nothing; or add it nullable, fill it in batches, and make it NOT NULL by a validated CHECK.',
  source: 'https://www.postgresql.org/docs/current/sql-altertable.html#SQL-ALTERTABLE-NOTES',
  ok: [
    "ALTER TABLE app.notes ADD COLUMN title text NOT NULL DEFAULT '';",
    'ALTER TABLE app.notes ADD COLUMN title text;',
    'CREATE TABLE app.notes (id bigint);\nALTER TABLE app.notes ADD COLUMN title text NOT NULL;',
  ],
  err: ['ALTER TABLE app.notes ADD COLUMN title text NOT NULL;'],
  *check(context) {
    for (const { table, command, column } of alterationsInUse(context)) {
      if (command.subtype !== 'AT_AddColumn' || column === undefined) continue
      const kinds = constraintsOf(column).map(({ contype }) => contype ?? '')
      if (!kinds.includes('CONSTR_NOTNULL') || kinds.some((kind) => givesValue.includes(kind))) continue
      if (/serial/.test(typeOf(column.typeName))) continue
      yield { at: column.location, detail: `${column.colname} of ${nameOf(table)}` }
    }
  },
}
