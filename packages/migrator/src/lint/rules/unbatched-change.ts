import type { Node } from 'libpg-query'
import { changesIn, changing, isOfEveryRow } from '../changes.ts'
import { isNew, tableOf } from '../known.ts'
import type { Context, Rule } from '../rule.ts'
import { as, keyOf, nameOf, parts } from '../tree.ts'

export const rule: Rule = {
  id: 'unbatched_change',
  level: 'warning',
  places: ['up', 'down'],
  statements: changing,
  reason:
    'UPDATE or DELETE of many rows in one transaction keeps them locked until its end, and programs that write them wait.',
  help: 'Change them in batches: a file with --! batch: 5000, whose one statement is repeated, each time in its own transaction, until it changes no row.',
  source: 'https://www.postgresql.org/docs/current/explicit-locking.html#LOCKING-ROWS',
  ok: [
    "CREATE TABLE app.notes (id bigint PRIMARY KEY, title text);\nUPDATE app.notes SET title = 'b' WHERE id > 4;",
    "-- Up Migration\nINSERT INTO app.settings (name, value) VALUES ('a', 1);\n-- Down Migration\nDELETE FROM app.settings WHERE name = 'a';",
    '--! batch: 5000\n-- Up Migration\nUPDATE app.notes SET title = kind WHERE id IN (SELECT id FROM app.notes WHERE title IS NULL LIMIT :batch FOR UPDATE SKIP LOCKED);\n-- Down Migration\nDELETE FROM app.notes WHERE id IN (SELECT id FROM app.notes WHERE kind IS NULL LIMIT :batch);',
  ],
  err: [
    'UPDATE app.notes SET title = trim(title) WHERE title IS NOT NULL;',
    "DELETE FROM app.notes WHERE kind = 'draft';",
  ],
  *check(context) {
    for (const change of changesIn(context)) {
      const { relation, whereClause } = change
      if (relation === undefined || whereClause === undefined || isOfEveryRow(change) || context.isBatched) continue
      if (isNew(context.known, relation) || isOneRow(context, relation, whereClause)) continue
      // Only an UPDATE has a list of what it sets.
      if (!('targetList' in change) && takesBack(context, relation)) continue
      yield { detail: `${nameOf(relation)} is in use.` }
    }
  },
}

type Relation = Parameters<typeof keyOf>[0]

/** `WHERE key = constant` for every column of a primary key that is known. */
function isOneRow({ known }: Context, relation: Relation, where: Node): boolean {
  const key = tableOf(known, relation)?.primaryKey
  if (key === undefined) return false
  const conditions = as(where, 'BoolExpr')?.boolop === 'AND_EXPR' ? (as(where, 'BoolExpr')?.args ?? []) : [where]
  const fixed = conditions.flatMap((condition) => {
    const equal = as(condition, 'A_Expr')
    const isEqual = equal?.kind === 'AEXPR_OP' && parts(equal.name).at(-1) === '='
    return isEqual && as(equal?.rexpr, 'A_Const') !== undefined
      ? parts(as(equal?.lexpr, 'ColumnRef')?.fields).slice(-1)
      : []
  })
  return key.every((column) => fixed.includes(column))
}

/** A Down section that deletes from a table into which the Up section wrote a few rows. */
function takesBack({ place, up }: Context, relation: Relation): boolean {
  return (
    place === 'down' &&
    up.some(({ tree }) => {
      const insert = as(tree, 'InsertStmt')
      const rows = as(insert?.selectStmt, 'SelectStmt')?.valuesLists
      return insert?.relation !== undefined && rows !== undefined && keyOf(insert.relation) === keyOf(relation)
    })
  )
}
