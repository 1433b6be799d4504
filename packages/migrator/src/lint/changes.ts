import type { DeleteStmt, UpdateStmt } from 'libpg-query'
import type { Context } from './rule.ts'
import { allOf, as, type Nodes } from './tree.ts'

/** Statements that may hold an UPDATE or DELETE, as themselves or in WITH. */
export const changing: readonly (keyof Nodes)[] = ['UpdateStmt', 'DeleteStmt', 'SelectStmt', 'InsertStmt', 'MergeStmt']

/** The UPDATEs and DELETEs of a statement. */
export function* changesIn({ statement: { tree } }: Context): Generator<UpdateStmt | DeleteStmt> {
  const own = as(tree, 'UpdateStmt') ?? as(tree, 'DeleteStmt')
  if (own !== undefined) yield own
  const clause = (own ?? as(tree, 'SelectStmt') ?? as(tree, 'InsertStmt') ?? as(tree, 'MergeStmt'))?.withClause
  for (const { ctequery } of allOf(clause?.ctes, 'CommonTableExpr')) {
    const change = as(ctequery, 'UpdateStmt') ?? as(ctequery, 'DeleteStmt')
    if (change !== undefined) yield change
  }
}

/** It has no condition, or one that is always true. */
export function isOfEveryRow({ whereClause }: UpdateStmt | DeleteStmt): boolean {
  return whereClause === undefined || as(whereClause, 'A_Const')?.boolval?.boolval === true
}
