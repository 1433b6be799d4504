import type { ColumnDef, RangeVar, TypeName } from 'libpg-query'
import type { Statement } from '../sql-text/statements.ts'
import { isNew, type Known, type KnownTable, keyIn, tableOf } from './known.ts'
import { allOf, as, constraintsOf, keyOf, keyOfParts, type Nodes, parts } from './tree.ts'

/** Adds what a statement makes. */
export function learn(known: Known, { tree }: Statement): void {
  for (const name of Object.keys(tree)) learners[name as keyof Nodes]?.(known, tree)
}

type Learner = (known: Known, tree: Statement['tree']) => void

const learners: Partial<Record<keyof Nodes, Learner>> = {
  CreateStmt(known, tree) {
    const create = as(tree, 'CreateStmt')
    if (create?.relation !== undefined) learnTable(known, create, create.relation)
  },
  IndexStmt(known, tree) {
    const { relation, idxname } = as(tree, 'IndexStmt') ?? {}
    if (relation !== undefined && idxname !== undefined)
      known.indexes.set(`${relation.schemaname ?? 'public'}.${idxname}`, keyIn(known, relation))
  },
  CreateTableAsStmt: (known, tree) => learnFilled(known, as(tree, 'CreateTableAsStmt')?.into),
  SelectStmt: (known, tree) => learnFilled(known, as(tree, 'SelectStmt')?.intoClause),
  InsertStmt: (known, tree) => learnRows(known, as(tree, 'InsertStmt')?.relation),
  MergeStmt: (known, tree) => learnRows(known, as(tree, 'MergeStmt')?.relation),
  CopyStmt: (known, tree) => learnRows(known, as(tree, 'CopyStmt')?.relation),
  CreateDomainStmt(known, tree) {
    known.domains.set(keyOfParts(parts(as(tree, 'CreateDomainStmt')?.domainname)), known.era)
  },
  RenameStmt: (known, tree) => learnRename(known, as(tree, 'RenameStmt')),
  AlterObjectSchemaStmt(known, tree) {
    const { relation, newschema = '' } = as(tree, 'AlterObjectSchemaStmt') ?? {}
    if (relation !== undefined) move(known, relation, { ...relation, schemaname: newschema })
  },
  DropStmt(known, tree) {
    for (const { items } of allOf(as(tree, 'DropStmt')?.objects, 'List')) {
      const key = keyOfParts(parts(items))
      known.tables.delete(key)
      known.indexes.delete(key)
    }
  },
  AlterTableStmt(known, tree) {
    const { relation, cmds } = as(tree, 'AlterTableStmt') ?? {}
    if (relation === undefined) return
    for (const command of allOf(cmds, 'AlterTableCmd')) learnCommand(known, relation, command)
  },
}

function learnFilled(known: Known, into: Nodes['IntoClause'] | undefined): void {
  if (into?.rel !== undefined)
    known.tables.set(keyIn(known, into.rel), { ...emptyTable(known), hasRows: into.skipData !== true })
}

function learnRows(known: Known, relation: RangeVar | undefined): void {
  if (relation !== undefined) change(known, relation, () => ({ hasRows: true }))
}

function emptyTable(known: Known): KnownTable {
  return { era: known.era, columns: new Map(), hasRows: false, unvalidated: new Map(), notNull: new Map() }
}

function learnTable(known: Known, create: Nodes['CreateStmt'], relation: RangeVar): void {
  if (create.if_not_exists === true && tableOf(known, relation) !== undefined) return
  // IF NOT EXISTS may find a table that is old and full; what it looks like is a fair guess all the same.
  const era = create.if_not_exists === true && relation.relpersistence !== 't' ? -1 : known.era
  const columns = allOf(create.tableElts, 'ColumnDef')
  const parent = create.inhRelations?.[0]
  const inherited = parent === undefined ? undefined : tableOf(known, as(parent, 'RangeVar'))
  const key = allOf(create.partspec?.partParams, 'PartitionElem').map((element) => element.name)
  const primary = primaryKeyOf(columns, allOf(create.tableElts, 'Constraint')) ?? inherited?.primaryKey
  known.tables.set(keyIn(known, relation), {
    ...emptyTable(known),
    era,
    columns: new Map([...(inherited?.columns ?? []), ...columns.map(entryOf)]),
    ...(create.partspec !== undefined && { partitionKey: key }),
    ...(primary !== undefined && { primaryKey: primary }),
  })
}

function primaryKeyOf(columns: readonly ColumnDef[], constraints: Nodes['Constraint'][]): string[] | undefined {
  const whole = constraints.find(({ contype }) => contype === 'CONSTR_PRIMARY')
  if (whole?.keys !== undefined) return parts(whole.keys)
  const one = columns.find((column) => constraintsOf(column).some(({ contype }) => contype === 'CONSTR_PRIMARY'))
  return one === undefined ? undefined : [one.colname ?? '']
}

function entryOf(column: ColumnDef): [string, TypeName] {
  return [column.colname ?? '', column.typeName ?? {}]
}

function change(known: Known, relation: RangeVar, to: (table: KnownTable) => Partial<KnownTable>): void {
  const key = keyIn(known, relation)
  // A table that nobody told of is old.
  const table = known.tables.get(key) ?? { ...emptyTable(known), era: -1 }
  known.tables.set(key, { ...table, ...to(table) })
}

function learnRename(known: Known, rename: Nodes['RenameStmt'] | undefined): void {
  const { relation, renameType, subname = '', newname = '' } = rename ?? {}
  if (relation === undefined) return
  if (renameType === 'OBJECT_TABLE') move(known, relation, { ...relation, relname: newname })
  if (renameType === 'OBJECT_COLUMN' && tableOf(known, relation) !== undefined) {
    const renamed = (column: string) => (column === subname ? newname : column)
    change(known, relation, ({ columns, notNull }) => ({
      columns: new Map([...columns].map(([column, type]) => [renamed(column), type])),
      notNull: new Map([...notNull].map(([name, column]) => [name, renamed(column)])),
    }))
  }
}

/** What is known goes along; where nothing is known, what bore the new name before is forgotten. */
function move(known: Known, from: RangeVar, to: RangeVar): void {
  const table = tableOf(known, from)
  known.tables.delete(keyIn(known, from))
  known.tables.delete(keyOf(to))
  if (table !== undefined) known.tables.set(keyOf(to), table)
}

function learnCommand(known: Known, relation: RangeVar, command: Nodes['AlterTableCmd']): void {
  const { subtype, name = '' } = command
  const column = as(command.def, 'ColumnDef')
  const constraint = as(command.def, 'Constraint')
  if (subtype === 'AT_AddColumn' && column !== undefined)
    change(known, relation, ({ columns }) => ({ columns: new Map([...columns, entryOf(column)]) }))
  if (subtype === 'AT_AlterColumnType' && column !== undefined)
    change(known, relation, ({ columns }) => ({ columns: new Map([...columns, [name, column.typeName ?? {}]]) }))
  if (subtype === 'AT_AddConstraint' && constraint !== undefined) learnConstraint(known, relation, constraint)
  if (subtype === 'AT_ValidateConstraint') {
    change(known, relation, ({ unvalidated, notNull }) => {
      const column = unvalidated.get(name)?.notNull
      const left = new Map([...unvalidated].filter(([each]) => each !== name))
      return { unvalidated: left, notNull: column === undefined ? notNull : new Map([...notNull, [name, column]]) }
    })
  }
  if (subtype === 'AT_DropConstraint' && tableOf(known, relation) !== undefined) {
    change(known, relation, ({ notNull }) => ({ notNull: new Map([...notNull].filter(([each]) => each !== name)) }))
  }
  if (subtype === 'AT_DropColumn' && tableOf(known, relation) !== undefined) {
    change(known, relation, ({ columns, notNull }) => ({
      columns: new Map([...columns].filter(([column]) => column !== name)),
      notNull: new Map([...notNull].filter(([, column]) => column !== name)),
    }))
  }
  // With an old partition a new table is in use, too: what is done to it is done to the partition.
  const partition = as(command.def, 'PartitionCmd')?.name
  if (subtype === 'AT_AttachPartition' && partition !== undefined && !isNew(known, partition))
    change(known, relation, () => ({ era: -1 }))
}

function learnConstraint(known: Known, relation: RangeVar, constraint: Nodes['Constraint']): void {
  const notNull = columnNotNull(constraint)
  if (constraint.contype === 'CONSTR_PRIMARY' && constraint.keys !== undefined)
    change(known, relation, () => ({ primaryKey: parts(constraint.keys) }))
  if (constraint.skip_validation === true && constraint.conname !== undefined) {
    const added = { section: known.section, notNull }
    change(known, relation, ({ unvalidated }) => ({
      unvalidated: new Map([...unvalidated, [constraint.conname ?? '', added]]),
    }))
  } else if (notNull !== undefined) {
    change(known, relation, (table) => ({ notNull: new Map([...table.notNull, [constraint.conname ?? '', notNull]]) }))
  }
}

/** The column of `CHECK (column IS NOT NULL)` and of PostgreSQL 18's `NOT NULL column`. */
function columnNotNull(constraint: Nodes['Constraint']): string | undefined {
  if (constraint.contype === 'CONSTR_NOTNULL') return parts(constraint.keys)[0]
  const test = as(constraint.raw_expr, 'NullTest')
  if (constraint.contype !== 'CONSTR_CHECK' || test?.nulltesttype !== 'IS_NOT_NULL') return undefined
  return parts(as(test.arg, 'ColumnRef')?.fields).at(-1)
}
