import type { TypeName } from 'libpg-query'
import { alterationsInUse } from '../alterations.ts'
import { tableOf } from '../known.ts'
import type { Rule } from '../rule.ts'
import { nameOf, typeModifier, typeOf } from '../tree.ts'

/** Changes after which PostgreSQL leaves every row as it is. */
function keepsRows(from: TypeName | undefined, to: TypeName | undefined): boolean {
  const before = typeOf(from)
  const after = typeOf(to)
  const isText = (type: string) => type === 'text' || type === 'varchar'
  const limit = typeModifier(to)
  if (isText(before) && after === 'text') return true
  if (isText(before) && after === 'varchar')
    return limit === undefined || (before === 'varchar' && (typeModifier(from) ?? Number.POSITIVE_INFINITY) <= limit)
  return before === after && before === 'numeric' && to?.typmods === undefined
}

export const rule: Rule = {
  id: 'rewriting_type_change',
  level: 'error',
  places: ['up', 'down'],
  statements: ['AlterTableStmt'],
  reason:
    'ALTER COLUMN … TYPE writes every row and every index anew under ACCESS EXCLUSIVE: nobody can read or write the table meanwhile.',
  help: 'Add a column of the new type, fill it in batches, let programs write both, then swap. Only text from varchar, a longer varchar, and numeric without limits rewrite nothing.',
  source: 'https://www.postgresql.org/docs/current/sql-altertable.html#SQL-ALTERTABLE-NOTES',
  ok: [
    'CREATE TABLE app.notes (n int);\nALTER TABLE app.notes ALTER COLUMN n TYPE bigint;',
    'ALTER TABLE app.notes ALTER COLUMN n SET DEFAULT 1;',
  ],
  err: [
    'ALTER TABLE app.notes ALTER COLUMN n TYPE bigint;',
    'ALTER TABLE app.notes ALTER COLUMN n TYPE text USING n::text;',
  ],
  *check(context) {
    for (const { table, command, column } of alterationsInUse(context)) {
      if (command.subtype !== 'AT_AlterColumnType' || column === undefined) continue
      const name = command.name ?? ''
      const before = tableOf(context.known, table)?.columns.get(name)
      if (column.raw_default === undefined && before !== undefined && keepsRows(before, column.typeName)) continue
      const from = before === undefined ? '' : ` from ${typeOf(before)}`
      yield { detail: `${name} of ${nameOf(table)}${from} to ${typeOf(column.typeName)}.` }
    }
  },
}
