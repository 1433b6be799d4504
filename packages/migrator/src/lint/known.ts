import type { ColumnDef, RangeVar, TypeName } from 'libpg-query'
import type { Statement } from '../statements.ts'
import { allOf, as, constraintsOf, keyOf, keyOfParts, type Nodes, parts } from './tree.ts'

export interface KnownTable {
  /** Of the time in which it was made. */
  era: number
  columns: ReadonlyMap<string, TypeName>
  /** Columns of the partition key, undefined for an expression. */
  partitionKey?: readonly (string | undefined)[]
  primaryKey?: readonly string[]
  /** Something was put into it. */
  hasRows: boolean
  /** Constraints by name that were added NOT VALID: in which section, and of which column they say that it is not null. */
  unvalidated: ReadonlyMap<string, { section: number; notNull: string | undefined }>
  /** Columns of which a valid constraint says that they are not null. */
  notNull: ReadonlySet<string>
}

/**
 * What statements before this one tell about the database. Entries are replaced, never changed, so that a copy of the maps is a
 * copy of all.
 */
export interface Known {
  /** What was made in this era is new: nobody uses it yet. */
  era: number
  section: number
  tables: Map<string, KnownTable>
  /** Table of each index. */
  indexes: Map<string, string>
  /** Domains, by era. */
  domains: Map<string, number>
}

export function nothingKnown(): Known {
  return { era: 0, section: 0, tables: new Map(), indexes: new Map(), domains: new Map() }
}

/** The same, to go on from without changing it. */
export function copyOf(known: Known): Known {
  return {
    ...known,
    tables: new Map(known.tables),
    indexes: new Map(known.indexes),
    domains: new Map(known.domains),
  }
}

/** Made by a statement before this one, so that no application uses it yet. */
export function isNew(known: Known, relation: RangeVar | undefined): boolean {
  if (relation === undefined) return false
  return relation.relpersistence === 't' || isNewKey(known, keyOf(relation))
}

export function isNewKey(known: Known, key: string): boolean {
  const table = known.tables.get(key) ?? known.tables.get(known.indexes.get(key) ?? '')
  return table?.era === known.era
}

export function tableOf(known: Known, relation: RangeVar | undefined): KnownTable | undefined {
  return relation === undefined ? undefined : known.tables.get(keyOf(relation))
}

/** Adds what a statement makes. */
export function learn(known: Known, { tree }: Statement): void {
  const create = as(tree, 'CreateStmt')
  if (create?.relation !== undefined) learnTable(known, create, create.relation)
  const index = as(tree, 'IndexStmt')
  if (index?.relation !== undefined && index.idxname !== undefined)
    known.indexes.set(`${index.relation.schemaname ?? 'public'}.${index.idxname}`, keyOf(index.relation))
  const filled = as(tree, 'CreateTableAsStmt')?.into?.rel ?? as(tree, 'SelectStmt')?.intoClause?.rel
  if (filled !== undefined)
    known.tables.set(keyOf(filled), {
      ...emptyTable(known),
      hasRows: as(tree, 'CreateTableAsStmt')?.into?.skipData !== true,
    })
  const written = as(tree, 'InsertStmt')?.relation ?? as(tree, 'MergeStmt')?.relation ?? as(tree, 'CopyStmt')?.relation
  if (written !== undefined) change(known, written, () => ({ hasRows: true }))
  const domain = as(tree, 'CreateDomainStmt')
  if (domain !== undefined) known.domains.set(keyOfParts(parts(domain.domainname)), known.era)
  learnRename(known, as(tree, 'RenameStmt'))
  const alter = as(tree, 'AlterTableStmt')
  if (alter?.relation !== undefined)
    for (const command of allOf(alter.cmds, 'AlterTableCmd')) learnCommand(known, alter.relation, command)
}

function emptyTable(known: Known): KnownTable {
  return { era: known.era, columns: new Map(), hasRows: false, unvalidated: new Map(), notNull: new Set() }
}

function learnTable(known: Known, create: Nodes['CreateStmt'], relation: RangeVar): void {
  // IF NOT EXISTS may find a table that is old and full; what it looks like is a fair guess all the same.
  const era = create.if_not_exists === true && !isNew(known, relation) ? -1 : known.era
  const columns = allOf(create.tableElts, 'ColumnDef')
  const parent = create.inhRelations?.[0]
  const inherited = parent === undefined ? undefined : tableOf(known, as(parent, 'RangeVar'))
  const key = allOf(create.partspec?.partParams, 'PartitionElem').map((element) => element.name)
  const primary = primaryKeyOf(columns, allOf(create.tableElts, 'Constraint')) ?? inherited?.primaryKey
  known.tables.set(keyOf(relation), {
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
  const key = keyOf(relation)
  // A table that nobody told of is old.
  const table = known.tables.get(key) ?? { ...emptyTable(known), era: -1 }
  known.tables.set(key, { ...table, ...to(table) })
}

function learnRename(known: Known, rename: Nodes['RenameStmt'] | undefined): void {
  if (rename?.relation === undefined || rename.renameType !== 'OBJECT_TABLE') return
  const table = known.tables.get(keyOf(rename.relation))
  if (table === undefined) return
  known.tables.delete(keyOf(rename.relation))
  known.tables.set(keyOf({ ...rename.relation, relname: rename.newname ?? '' }), table)
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
      return { unvalidated: left, notNull: column === undefined ? notNull : new Set([...notNull, column]) }
    })
  }
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
    change(known, relation, (table) => ({ notNull: new Set([...table.notNull, notNull]) }))
  }
}

/** The column of `CHECK (column IS NOT NULL)` and of PostgreSQL 18's `NOT NULL column`. */
function columnNotNull(constraint: Nodes['Constraint']): string | undefined {
  if (constraint.contype === 'CONSTR_NOTNULL') return parts(constraint.keys)[0]
  const test = as(constraint.raw_expr, 'NullTest')
  if (constraint.contype !== 'CONSTR_CHECK' || test?.nulltesttype !== 'IS_NOT_NULL') return undefined
  return parts(as(test.arg, 'ColumnRef')?.fields).at(-1)
}
