import { alterationsInUse } from '../alterations.ts'
import { tableOf } from '../known.ts'
import type { Rule } from '../rule.ts'
import { nameOf } from '../tree.ts'

export const rule: Rule = {
  id: 'validation_under_lock',
  level: 'error',
  places: ['up', 'down'],
  statements: ['AlterTableStmt'],
  reason:
    'The lock that ADD CONSTRAINT … NOT VALID took is held until the transaction ends, so VALIDATE in the same file reads the whole table under it.',
  help: 'Put VALIDATE CONSTRAINT into a later migration: it then blocks neither reads nor writes.',
  source: 'https://www.postgresql.org/docs/current/sql-altertable.html#SQL-ALTERTABLE-NOTES',
  ok: [
    'ALTER TABLE app.notes VALIDATE CONSTRAINT notes_title_size;',
    "--! no-transaction\n-- Up Migration\nALTER TABLE app.notes ADD CONSTRAINT notes_title_size CHECK (title <> '') NOT VALID;\nALTER TABLE app.notes VALIDATE CONSTRAINT notes_title_size;\n\n-- Down Migration\n",
  ],
  err: [
    "ALTER TABLE app.notes ADD CONSTRAINT notes_title_size CHECK (title <> '') NOT VALID;\nALTER TABLE app.notes VALIDATE CONSTRAINT notes_title_size;",
  ],
  *check(context) {
    if (context.noTransaction) return
    for (const { table, command } of alterationsInUse(context)) {
      if (command.subtype !== 'AT_ValidateConstraint') continue
      const added = tableOf(context.known, table)?.unvalidated.get(command.name ?? '')
      if (added?.section === context.known.section)
        yield { detail: `${command.name} of ${nameOf(table)} is added above.` }
    }
  },
}
