import type { Rule } from '../rule.ts'
import { allOf, as, type Nodes } from '../tree.ts'

export const rule: Rule = {
  id: 'duplicate_assignment',
  level: 'error',
  places: ['up', 'down'],
  statements: ['UpdateStmt', 'InsertStmt'],
  reason: 'PostgreSQL refuses a statement that assigns to a column twice.',
  help: 'Keep one of the two.',
  source: 'https://www.postgresql.org/docs/current/sql-update.html',
  ok: [
    'CREATE TABLE app.notes (a int, b int);\nUPDATE app.notes SET a = 1, b = 2;',
    'CREATE TABLE app.notes (a int[]);\nUPDATE app.notes SET a[1] = 1, a[2] = 2;',
  ],
  err: [
    'CREATE TABLE app.notes (a int);\nUPDATE app.notes SET a = 1, a = 2;',
    'INSERT INTO app.notes (a, a) VALUES (1, 2);',
  ],
  *check({ statement }) {
    const insert = as(statement.tree, 'InsertStmt')
    yield* duplicates(allOf(as(statement.tree, 'UpdateStmt')?.targetList, 'ResTarget'))
    yield* duplicates(allOf(insert?.cols, 'ResTarget'))
    yield* duplicates(allOf(insert?.onConflictClause?.targetList, 'ResTarget'))
  },
}

function* duplicates(targets: readonly Nodes['ResTarget'][]): Generator<{ at: number | undefined; detail: string }> {
  const seen = new Set<string>()
  for (const { name, indirection, location } of targets) {
    if (name === undefined || indirection !== undefined) continue
    if (seen.has(name)) yield { at: location, detail: name }
    seen.add(name)
  }
}
