import { createHash } from 'node:crypto'
import { literal } from '@athena-pg/database'
import { nearest } from '@athena-pg/migrator'
import type { Column, Table } from './catalogues.ts'
import { expressionOf, isNaive, memberOf, word } from './expression.ts'
import { restOf } from './known-names.ts'
import { type ColumnRule, type Mapping, ruleOf, type TableMapping } from './mapping.ts'
import type { Fault } from './mapping-form.ts'
import { linkTables, type OurTable, ourTables, sideTables } from './our-tables.ts'
import { linkUnit, referenceUnit } from './resolve-links.ts'
import type { Expression, LinkUnit, Reference, RowUnit, Value } from './unit.ts'

/** What all tables of a mapping are resolved with; faults and naive columns are added to it. */
export interface Resolving {
  mapping: Mapping
  source: ReadonlyMap<string, Table>
  ours: ReadonlyMap<string, Table>
  faults: Fault[]
  /** Columns of times without a zone, as table.column. */
  naive: string[]
}

/** One table under way. */
interface Work extends Resolving {
  path: string
  name: string
  table: TableMapping
  from: Table
  target: Table
  about: OurTable
  common: Pick<LinkUnit, 'source' | 'key' | 'keyType' | 'checksum'>
  values: Value[]
  side: Value[]
  references: Reference[]
  deferred: LinkUnit[]
  /** Parts of our JSON columns. */
  members: Map<string, Expression[]>
  words: { column: string; expression: Expression }[]
  reads: Set<string>
  /** Our columns that are given, and by which source column. */
  given: Map<string, string>
  compared?: RowUnit['compared']
  embedding?: string
}

/** The work that a table of the mapping means; what is wrong with it becomes faults. */
export function resolveTable(
  resolving: Resolving,
  name: string,
  table: TableMapping,
): { row?: RowUnit; deferred: LinkUnit[] } {
  const from = resolving.source.get(name)
  const target = resolving.ours.get(table.to)
  const about = ourTables[table.to]
  const path = `tables.${name}`
  if (!from || !target || !about) return { deferred: [] }
  const key = keyOf(from, table)
  if (!key) {
    resolving.faults.push({ path, text: 'has no primary key of one column: name a unique column as "key"' })
    return { deferred: [] }
  }
  const checksum = createHash('sha256')
    .update(JSON.stringify([table, resolving.mapping.timeZone]))
    .digest('hex')
  const work: Work = {
    ...resolving,
    ...{ path, name, table, from, target, about },
    common: { source: name, key: key.name, keyType: key.type, checksum },
    ...{ values: [], side: [], references: [], deferred: [], words: [] },
    members: new Map(),
    given: new Map(),
    reads: new Set([key.name]),
  }
  for (const [column, mapping] of Object.entries(table.columns)) resolveColumn(work, column, ruleOf(mapping))
  for (const [to, parts] of work.members) {
    work.values.push({ to, expression: (write) => parts.map((part) => part(write)).join(' || ') })
  }
  for (const [to, constant] of Object.entries(table.constants ?? {})) resolveConstant(work, to, String(constant))
  refuseProject(work)
  refuseMissing(work)
  return { row: rowUnit(work), deferred: work.deferred }
}

function resolveColumn(work: Work, columnName: string, rule: ColumnRule | undefined): void {
  const { name, table, from, target, about, faults } = work
  const at = `${work.path}.columns.${columnName}`
  const column = from.columns.find((each) => each.name === columnName)
  const names = from.columns.map((each) => each.name)
  if (!column) {
    faults.push({ path: at, text: unknown(`table ${name} has no column "${columnName}"`, columnName, names) })
  }
  if (!rule || !column) return
  if (rule.or !== undefined && !names.includes(rule.or))
    faults.push({ path: `${at}.or`, text: `table ${name} has no column "${rule.or}"` })
  const link = linkTables[table.to]?.[rule.to]
  if (link) {
    refuseConversion(work, at, rule, 'ids are looked up, not converted')
    const unit = linkUnit(work, work.common, at, column, rule, link)
    if (unit) work.deferred.push(unit)
    return
  }
  const [first = '', second] = rule.to.split('.')
  const isSide = second !== undefined && sideTables[first] === table.to
  const into = second === undefined ? target : isSide ? work.ours.get(first) : undefined
  const our = into?.columns.find((each) => each.name === (second ?? first))
  if (!our || our.isGenerated || our.isIdentity || (isSide && our.name.endsWith('_id'))) {
    faults.push({ path: at, text: unknownColumn(table.to, rule.to, target, our) })
    return
  }
  if (rule.key === undefined && !isRest(table.to, our)) {
    const before = work.given.get(rule.to)
    if (before !== undefined) faults.push({ path: at, text: `"${rule.to}" is given by "${before}" already` })
    work.given.set(rule.to, columnName)
  }
  const referred = isSide ? undefined : about.references[our.name]
  if (referred === undefined) resolveValue(work, at, column, our, rule, isSide)
  else {
    refuseConversion(work, at, rule, 'ids are looked up, not converted')
    const unit = referenceUnit(work, work.common, at, column, rule, referred, our.name)
    if (unit && referred === table.to) work.deferred.push(unit)
    else if (unit) {
      work.reads.add(columnName)
      work.references.push({ to: our.name, column: columnName, refers: unit.refers, isRequired: our.notNull })
    }
  }
}

function resolveValue(work: Work, at: string, column: Column, our: Column, rule: ColumnRule, isSide: boolean): void {
  const { name: columnName } = column
  work.reads.add(columnName)
  const conversion = { rule, source: column, ours: our, timeZone: work.mapping.timeZone }
  if (our.type === 'jsonb') {
    refuseConversion(work, at, rule, 'what goes into a JSON column is taken as it is')
    work.members.set(our.name, [...(work.members.get(our.name) ?? []), memberOf(conversion)])
    return
  }
  if (rule.key !== undefined) work.faults.push({ path: `${at}.key`, text: `"${rule.to}" is not a JSON column` })
  if (rule.or !== undefined) work.reads.add(rule.or)
  if (our.type === 'timestamp with time zone' && isNaive(column.type) && rule.as === undefined)
    work.naive.push(`${work.name}.${columnName}`)
  if (rule.as === 'word')
    work.words.push({ column: columnName, expression: (write) => word(write(columnName), rule.words) })
  if (our.name === work.about.compared && rule.as === undefined && rule.or === undefined)
    work.compared = { to: our.name, column: columnName }
  if (our.name === 'embedding') work.embedding = columnName
  const value = { to: our.name, expression: expressionOf(conversion) }
  if (isSide) work.side.push(value)
  else work.values.push(value)
}

function resolveConstant({ path, table, target, about, given, values, faults }: Work, to: string, value: string): void {
  const our = target.columns.find((each) => each.name === to)
  const at = `${path}.constants.${to}`
  if (!our || our.isGenerated || our.isIdentity || about.references[to] !== undefined)
    faults.push({ path: at, text: unknownColumn(table.to, to, target, our) })
  else if (given.has(to)) faults.push({ path: at, text: `"${to}" is given by "${given.get(to)}" already` })
  else {
    given.set(to, 'constants')
    values.push({ to, expression: () => `${literal(value)}::${our.type}` })
  }
}

function refuseConversion({ faults }: Work, at: string, rule: ColumnRule, why: string): void {
  for (const key of ['as', 'or', 'default'] as const) {
    if (rule[key] !== undefined) faults.push({ path: `${at}.${key}`, text: `has no use here: ${why}` })
  }
}

function refuseProject({ path, table, about, references, faults }: Work): void {
  if (table.project === undefined) return
  const at = `${path}.project`
  if (about.references.project_id === undefined) faults.push({ path: at, text: `${table.to} belong to no project` })
  else if (references.some(({ to }) => to === 'project_id'))
    faults.push({ path: at, text: '"project_id" is given by a column already' })
}

function refuseMissing({ path, table, target, about, references, given, members, faults }: Work): void {
  // The project of a row may also be that of what it refers to.
  const hasProject =
    table.project !== undefined ||
    references.some(({ to }) => to === 'project_id' || about.references[to] !== undefined)
  for (const { name, notNull, default: otherwise, isIdentity, isGenerated } of target.columns) {
    // An event without its time would be one of the day on which it was adopted.
    const hasDefault = otherwise !== null && name !== 'happened_at'
    const isFilled = !notNull || hasDefault || isIdentity || isGenerated || given.has(name) || members.has(name)
    if (!isFilled && !(name === 'project_id' && hasProject))
      faults.push({ path: `${path}.columns`, text: `nothing gives ${table.to}.${name}, which is not optional` })
  }
}

function rowUnit({
  name,
  table,
  about,
  common,
  values,
  side,
  references,
  reads,
  words,
  compared,
  embedding,
}: Work): RowUnit {
  return {
    kind: 'rows',
    id: name,
    ...common,
    target: table.to,
    reads: [...reads],
    values,
    side: side.length > 0 ? { table: 'memory_access', values: side } : undefined,
    references: [...references].sort((a, b) => rank(a) - rank(b)),
    project: table.project,
    hasId: about.hasId,
    compared,
    embedding,
    words,
  }
}

function rank({ to, isRequired }: Reference): number {
  return to === 'project_id' ? 0 : isRequired ? 1 : 2
}

function isRest(target: string, our: Column): boolean {
  return our.type === 'jsonb' && restOf[target] === our.name
}

function keyOf(table: Table, { key }: TableMapping): Column | undefined {
  const name = key ?? (table.key.length === 1 ? table.key[0] : undefined)
  return table.columns.find((each) => each.name === name)
}

function unknownColumn(table: string, to: string, target: Table, our: Column | undefined): string {
  if (our) return `${table}.${to} is made by the database and cannot be given`
  const side = Object.entries(sideTables).flatMap(([name, of]) => (of === table ? [`${name}.usefulness`] : []))
  const names = [...target.columns.map(({ name }) => name), ...Object.keys(linkTables[table] ?? {}), ...side]
  return unknown(`${table} has no column "${to}"`, to, names)
}

export function unknown(text: string, typed: string, names: readonly string[]): string {
  const near = nearest(typed, names)
  return near === undefined ? `${text}; there are ${names.join(', ')}` : `${text}; did you mean "${near}"?`
}
