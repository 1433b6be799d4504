import { isNew } from '../known.ts'
import type { Rule } from '../rule.ts'
import { allOf, as, nameOf } from '../tree.ts'

/** From SHARE on a lock stops writers; numbers of PostgreSQL's lockdefs.h. */
const modes: Partial<Record<number, string>> = {
  5: 'SHARE',
  6: 'SHARE ROW EXCLUSIVE',
  7: 'EXCLUSIVE',
  8: 'ACCESS EXCLUSIVE',
}

export const rule: Rule = {
  id: 'explicit_table_lock',
  level: 'error',
  places: ['up', 'down'],
  statements: ['LockStmt'],
  reason:
    'LOCK TABLE stops the writers of a table, and in ACCESS EXCLUSIVE mode its readers, until the end of the whole file.',
  help: 'Leave it out: each statement takes the lock that it needs, for as long as it needs it. Where two steps must be one, make them short and say why.',
  source: 'https://www.postgresql.org/docs/current/explicit-locking.html#LOCKING-TABLES',
  ok: [
    'LOCK TABLE app.notes IN SHARE UPDATE EXCLUSIVE MODE;',
    'CREATE TABLE app.notes (n int);\nLOCK TABLE app.notes;',
  ],
  err: ['LOCK TABLE app.notes;', 'LOCK TABLE app.notes IN SHARE MODE;'],
  *check({ statement, known }) {
    const lock = as(statement.tree, 'LockStmt')
    const mode = modes[lock?.mode ?? 0]
    const tables = allOf(lock?.relations, 'RangeVar').filter((relation) => !isNew(known, relation))
    if (mode !== undefined && tables.length > 0) yield { detail: `${mode} on ${tables.map(nameOf).join(', ')}.` }
  },
}
