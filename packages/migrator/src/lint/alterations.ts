import type { ColumnDef, Constraint, RangeVar } from 'libpg-query'
import { isNew } from './known.ts'
import type { Context } from './rule.ts'
import { allOf, as, constraintsOf, type Nodes } from './tree.ts'

/** One command of an ALTER TABLE. */
export interface Alteration {
  table: RangeVar
  command: Nodes['AlterTableCmd']
  /** Of ADD COLUMN and ALTER COLUMN … TYPE. */
  column: ColumnDef | undefined
  /** Of ADD CONSTRAINT. */
  constraint: Constraint | undefined
  /** The statement holds no other, so that what is appended to the statement belongs to it. */
  isOnly: boolean
}

/** The commands of an ALTER TABLE on a table that applications use already. */
export function* alterationsInUse({ statement, known }: Context): Generator<Alteration> {
  const alter = as(statement.tree, 'AlterTableStmt')
  if (alter?.relation === undefined || alter.objtype !== 'OBJECT_TABLE' || isNew(known, alter.relation)) return
  const commands = allOf(alter.cmds, 'AlterTableCmd')
  for (const command of commands) {
    yield {
      table: alter.relation,
      command,
      column: as(command.def, 'ColumnDef'),
      constraint: as(command.def, 'Constraint'),
      isOnly: commands.length === 1,
    }
  }
}

/** Constraints that an ALTER TABLE adds to a table in use: its own, and those of columns that it adds. */
export function* constraintsAdded(
  context: Context,
): Generator<{ table: RangeVar; constraint: Constraint; isOnly: boolean; column: ColumnDef | undefined }> {
  for (const { table, command, column, constraint, isOnly } of alterationsInUse(context)) {
    if (command.subtype === 'AT_AddConstraint' && constraint !== undefined)
      yield { table, constraint, isOnly, column: undefined }
    if (command.subtype === 'AT_AddColumn' && column !== undefined)
      for (const each of constraintsOf(column)) yield { table, constraint: each, isOnly: false, column }
  }
}

/** Columns that a statement makes, in a new table or an old one. */
export function* columnsMade({ statement }: Context): Generator<ColumnDef> {
  const alter = as(statement.tree, 'AlterTableStmt')
  yield* allOf(as(statement.tree, 'CreateStmt')?.tableElts, 'ColumnDef')
  for (const { subtype, def } of allOf(alter?.cmds, 'AlterTableCmd')) {
    const column = as(def, 'ColumnDef')
    if (subtype === 'AT_AddColumn' && column !== undefined) yield column
  }
}
