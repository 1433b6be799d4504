import { alterationsInUse } from '../alterations.ts'
import type { Rule } from '../rule.ts'
import { nameOf } from '../tree.ts'

const commands: Partial<Record<string, string>> = {
  AT_SetLogged: 'SET LOGGED',
  AT_SetUnLogged: 'SET UNLOGGED',
  AT_SetAccessMethod: 'SET ACCESS METHOD',
}

export const rule: Rule = {
  id: 'rewritten_table',
  level: 'error',
  places: ['up', 'down'],
  statements: ['AlterTableStmt'],
  reason:
    'SET LOGGED, SET UNLOGGED and SET ACCESS METHOD write the whole table anew under ACCESS EXCLUSIVE: nobody can read or write it meanwhile.',
  help: 'Make a new table of that kind, copy the rows in batches, and swap the two.',
  source: 'https://www.postgresql.org/docs/current/sql-altertable.html',
  ok: ['CREATE UNLOGGED TABLE app.notes (n int);', 'ALTER TABLE app.notes SET (fillfactor = 70);'],
  err: ['ALTER TABLE app.notes SET UNLOGGED;', 'ALTER TABLE app.notes SET ACCESS METHOD heap;'],
  *check(context) {
    for (const { table, command } of alterationsInUse(context)) {
      const what = commands[command.subtype ?? '']
      if (what !== undefined) yield { detail: `${what} on ${nameOf(table)}.` }
    }
  },
}
