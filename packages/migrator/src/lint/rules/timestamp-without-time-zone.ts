import { columnsMade } from '../alterations.ts'
import { replaceAt } from '../edit.ts'
import type { Rule } from '../rule.ts'
import { typeModifier, typeOf } from '../tree.ts'

export const rule: Rule = {
  id: 'timestamp_without_time_zone',
  level: 'warning',
  places: ['up'],
  statements: ['CreateStmt', 'AlterTableStmt'],
  reason:
    'timestamp without time zone keeps a clock without saying whose: two sessions in two zones store two moments as the same value.',
  help: 'Use timestamptz: it keeps the moment, in the same 8 bytes.',
  source: 'https://www.postgresql.org/docs/current/datatype-datetime.html#DATATYPE-TIMEZONES',
  ok: ['CREATE TABLE app.notes (a timestamptz, b timestamp with time zone, c date);'],
  err: [
    'CREATE TABLE app.notes (added_at timestamp NOT NULL);',
    'ALTER TABLE app.notes ADD COLUMN added_at timestamp(3) without time zone;',
  ],
  *check(context) {
    for (const { colname, typeName } of columnsMade(context)) {
      if (typeOf(typeName) !== 'timestamp') continue
      const precision = typeModifier(typeName)
      const edit = replaceAt(
        context.statement,
        typeName?.location,
        /^timestamp(\s*\(\s*\d+\s*\))?(\s+without\s+time\s+zone)?/i,
        precision === undefined ? 'timestamptz' : `timestamptz(${precision})`,
      )
      yield { at: typeName?.location, detail: colname, fix: edit && { edits: [edit] } }
    }
  },
}
