import { alterationsInUse } from '../alterations.ts'
import type { Rule } from '../rule.ts'
import { constraintsOf, find, type Nodes, nameOf, parts, typeOf } from '../tree.ts'

/** Functions of PostgreSQL that give every row of one statement the same value, and are common in defaults. */
const sameForAllRows = new Set(
  `now transaction_timestamp statement_timestamp current_setting current_database current_schema pg_backend_pid to_char to_date
  to_timestamp to_number date_trunc date_part extract timezone age make_interval make_date make_timestamp make_timestamptz justify_days
  lower upper initcap concat concat_ws format md5 sha256 encode decode length octet_length replace trim btrim ltrim rtrim left right
  substr substring repeat lpad rpad abs ceil floor round sqrt power mod sign jsonb_build_object jsonb_build_array json_build_object
  json_build_array to_json to_jsonb array_fill to_tsvector int4range int8range numrange tsrange tstzrange daterange`.split(
    /\s+/,
  ),
)

/** What makes PostgreSQL write every row anew. */
function reasonOf(column: Nodes['ColumnDef']): string | undefined {
  const type = typeOf(column.typeName)
  if (/^(small|big)?serial[248]?$/.test(type)) return `${type} numbers the rows that are there`
  for (const constraint of constraintsOf(column)) {
    if (constraint.contype === 'CONSTR_IDENTITY') return 'an identity numbers the rows that are there'
    if (constraint.contype === 'CONSTR_GENERATED' && constraint.generated_kind !== 'v')
      return 'a STORED generated column is computed for the rows that are there'
    if (constraint.contype !== 'CONSTR_DEFAULT') continue
    for (const call of find(constraint.raw_expr, 'FuncCall')) {
      const name = parts(call.funcname).at(-1) ?? ''
      if (!sameForAllRows.has(name)) return `${name}() may give each row another value`
    }
  }
  return undefined
}

export const rule: Rule = {
  id: 'rewriting_column',
  level: 'error',
  places: ['up', 'down'],
  statements: ['AlterTableStmt'],
  reason:
    'A new column whose value differs from row to row rewrites the table and its indexes under ACCESS EXCLUSIVE: nobody can read or write it meanwhile.',
  help: 'Add the column without it, ALTER COLUMN … SET DEFAULT for new rows, and fill the old ones in batches. In place of a STORED column a VIRTUAL one (PostgreSQL 18) or an index on the expression may do.',
  source: 'https://www.postgresql.org/docs/current/sql-altertable.html#SQL-ALTERTABLE-NOTES',
  ok: [
    'ALTER TABLE app.notes ADD COLUMN added_at timestamptz NOT NULL DEFAULT now();',
    "ALTER TABLE app.notes ADD COLUMN kind text DEFAULT 'note', ADD COLUMN day date DEFAULT CURRENT_DATE;",
    'ALTER TABLE app.notes ADD COLUMN doubled int GENERATED ALWAYS AS (n * 2) VIRTUAL;',
    'CREATE TABLE app.notes (n int);\nALTER TABLE app.notes ADD COLUMN key uuid DEFAULT gen_random_uuid();',
  ],
  err: [
    'ALTER TABLE app.notes ADD COLUMN key uuid NOT NULL DEFAULT gen_random_uuid();',
    'ALTER TABLE app.notes ADD COLUMN rank double precision DEFAULT app.next_rank();',
    'ALTER TABLE app.notes ADD COLUMN doubled int GENERATED ALWAYS AS (n * 2) STORED;',
    'ALTER TABLE app.notes ADD COLUMN id bigint GENERATED ALWAYS AS IDENTITY;',
  ],
  *check(context) {
    for (const { table, command, column } of alterationsInUse(context)) {
      if (command.subtype !== 'AT_AddColumn' || column === undefined) continue
      const reason = reasonOf(column)
      if (reason !== undefined) yield { at: column.location, detail: `${nameOf(table)}: ${reason}.` }
    }
  },
}
