import { changesIn, changing, isOfEveryRow } from '../changes.ts'
import { isNew } from '../known.ts'
import type { Rule } from '../rule.ts'
import { nameOf } from '../tree.ts'

export const rule: Rule = {
  id: 'change_of_every_row',
  level: 'error',
  places: ['up', 'down'],
  statements: changing,
  reason:
    'UPDATE or DELETE without WHERE changes every row in one transaction: rows stay locked until its end, the table doubles, and vacuum has all of it to do.',
  help: 'Change rows in batches: a file with --! batch: 5000 and a WHERE that leaves out what is done. Where the table is small for sure, say so in an athena-ignore comment. To empty a table: TRUNCATE.',
  source: 'https://www.postgresql.org/docs/current/routine-vacuuming.html#VACUUM-FOR-SPACE-RECOVERY',
  ok: ["CREATE TABLE app.notes (title text);\nINSERT INTO app.notes VALUES ('a');\nUPDATE app.notes SET title = 'b';"],
  err: [
    "UPDATE app.notes SET title = 'b';",
    'DELETE FROM app.notes;',
    'DELETE FROM app.notes WHERE true;',
    'WITH gone AS (DELETE FROM app.notes RETURNING *) SELECT count(*) FROM gone;',
  ],
  *check(context) {
    for (const change of changesIn(context)) {
      if (!isOfEveryRow(change) || context.isBatched || isNew(context.known, change.relation)) continue
      yield { detail: change.relation && `${nameOf(change.relation)} is in use.` }
    }
  },
}
