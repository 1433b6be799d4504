import { createHash } from 'node:crypto'
import { AthenaError } from '@athena-pg/database'
import { nearest } from '@athena-pg/migrator'
import type { Column, Table } from './catalogues.ts'
import { expressionOf, isNaive, memberOf, word } from './expression.ts'
import { restOf } from './known-names.ts'
import { type ColumnRule, type Mapping, ruleOf, type TableMapping } from './mapping.ts'
import { type Fault, formFaults } from './mapping-form.ts'
import { type LinkTable, linkTables, ourTables, sideTables } from './our-tables.ts'
import type { Expression, LinkUnit, Reference, RowUnit, Unit, Value } from './unit.ts'

export interface Resolved {
  units: Unit[]
  /** Source columns of times that do not say in which zone they are, as table.column. */
  naive: string[]
  /** Source columns that nobody reads, as table.column. */
  left: string[]
  leftTables: string[]
}

/**
 * A value that was read from somewhere as a mapping, where its form has no fault.
 * @throws AthenaError malformed_mapping with every fault at once
 */
export function checkMapping(value: unknown): Mapping {
  const faults = formFaults(value)
  if (faults.length > 0) throw malformedMapping(faults)
  return value as Mapping
}

/**
 * Turns a mapping into work, in the order of doing it.
 * @throws AthenaError malformed_mapping with every fault at once
 */
export function resolve(
  mapping: Mapping,
  source: ReadonlyMap<string, Table>,
  ours: ReadonlyMap<string, Table>,
): Resolved {
  const faults: Fault[] = []
  const resolving = { mapping, source, ours, faults, naive: [] as string[] }
  const rows: RowUnit[] = []
  const links: LinkUnit[] = []
  for (const target of Object.keys(ourTables)) {
    for (const [name, table] of Object.entries(mapping.tables)) {
      if (table?.to !== target) continue
      const { row, deferred } = resolveTable(resolving, name, table)
      if (row) rows.push(row)
      links.push(...deferred)
    }
  }
  for (const [name, table] of Object.entries(mapping.tables)) {
    if (table !== null && !ourTables[table.to])
      faults.push({
        path: `tables.${name}.to`,
        text: unknown(`"${table.to}" is not a table that can be filled`, table.to, Object.keys(ourTables)),
      })
    if (!source.has(name)) {
      const text = unknown(`there is no table "${name}" in the source`, name, [...source.keys()])
      faults.push({ path: `tables.${name}`, text })
    }
  }
  if (faults.length > 0) throw malformedMapping(faults)
  const adopted = new Set(rows.map((unit) => unit.source))
  const read = new Set([...rows.flatMap((unit) => unit.reads.map((column) => `${unit.source}.${column}`))])
  for (const link of links) read.add(`${link.source}.${link.column}`)
  const columns = [...adopted].flatMap((name) => source.get(name)?.columns.map((each) => `${name}.${each.name}`) ?? [])
  return {
    units: [...rows, ...links],
    naive: resolving.naive,
    left: columns.filter((each) => !read.has(each)),
    leftTables: [...source.keys()].filter((name) => !adopted.has(name)),
  }
}

interface Resolving {
  mapping: Mapping
  source: ReadonlyMap<string, Table>
  ours: ReadonlyMap<string, Table>
  faults: Fault[]
  naive: string[]
}

function resolveTable(
  resolving: Resolving,
  name: string,
  table: TableMapping,
): { row?: RowUnit; deferred: LinkUnit[] } {
  const { source, ours, faults, mapping, naive } = resolving
  const path = `tables.${name}`
  const from = source.get(name)
  const target = ours.get(table.to)
  const about = ourTables[table.to]
  if (!from || !target || !about) return { deferred: [] }
  const key = keyOf(from, table)
  if (!key) {
    faults.push({ path, text: 'has no primary key of one column: name a unique column as "key"' })
    return { deferred: [] }
  }
  const checksum = createHash('sha256')
    .update(JSON.stringify([table, mapping.timeZone]))
    .digest('hex')
  const common = { source: name, key: key.name, keyType: key.type, checksum }
  const values: Value[] = []
  const side: Value[] = []
  const references: Reference[] = []
  const deferred: LinkUnit[] = []
  const members = new Map<string, Expression[]>()
  const words: { column: string; expression: Expression }[] = []
  const reads = new Set([key.name])
  let compared: RowUnit['compared']
  let embedding: string | undefined
  const given = new Map<string, string>()

  for (const [columnName, columnMapping] of Object.entries(table.columns)) {
    const at = `${path}.columns.${columnName}`
    const column = from.columns.find((each) => each.name === columnName)
    const rule = ruleOf(columnMapping)
    if (!column) {
      const names = from.columns.map((each) => each.name)
      faults.push({ path: at, text: unknown(`table ${name} has no column "${columnName}"`, columnName, names) })
    }
    if (!rule || !column) continue
    if (rule.or !== undefined && !from.columns.some((each) => each.name === rule.or))
      faults.push({ path: `${at}.or`, text: `table ${name} has no column "${rule.or}"` })
    const link = linkTables[table.to]?.[rule.to]
    if (link) {
      const refers = referredTable(resolving, at, rule, link.refers, column)
      if (link.isDirected && rule.kind === undefined)
        faults.push({ path: at, text: `${rule.to} needs the "kind" of the links` })
      if (refers !== undefined) deferred.push(linkUnit(common, column, rule, link, refers))
      continue
    }
    const [first = '', second] = rule.to.split('.')
    const isSide = second !== undefined && sideTables[first] === table.to
    const into = second === undefined ? target : isSide ? ours.get(first) : undefined
    const our = into?.columns.find((each) => each.name === (second ?? first))
    if (!our || our.isGenerated || our.isIdentity || (isSide && our.name.endsWith('_id'))) {
      faults.push({ path: at, text: unknownColumn(table.to, rule.to, target, our) })
      continue
    }
    if (rule.key === undefined && !isRest(table.to, our)) {
      const before = given.get(rule.to)
      if (before !== undefined) faults.push({ path: at, text: `"${rule.to}" is given by "${before}" already` })
      given.set(rule.to, columnName)
    }
    const referred = isSide ? undefined : about.references[our.name]
    if (referred !== undefined) {
      const refers = referredTable(resolving, at, rule, referred, column)
      if (refers === undefined) continue
      if (referred === table.to) {
        const id = `${name}.${columnName}`
        const within = { id, column: columnName, isArray: false, refers, target: table.to, other: our.name }
        deferred.push({ kind: 'links', ...common, ...within })
        continue
      }
      reads.add(columnName)
      references.push({ to: our.name, column: columnName, refers, isRequired: our.notNull })
      continue
    }
    reads.add(columnName)
    if (rule.or !== undefined) reads.add(rule.or)
    const conversion = { rule, source: column, ours: our, timeZone: mapping.timeZone }
    if (our.type === 'jsonb') {
      members.set(our.name, [...(members.get(our.name) ?? []), memberOf(conversion)])
      continue
    }
    if (rule.key !== undefined) faults.push({ path: `${at}.key`, text: `"${rule.to}" is not a JSON column` })
    if (our.type === 'timestamp with time zone' && isNaive(column.type) && rule.as === undefined)
      naive.push(`${name}.${columnName}`)
    if (rule.as === 'word')
      words.push({ column: columnName, expression: (write) => word(write(columnName), rule.words) })
    if (our.name === about.compared && rule.as === undefined && rule.or === undefined)
      compared = { to: our.name, column: columnName }
    if (our.name === 'embedding') embedding = columnName
    const value = { to: our.name, expression: expressionOf(conversion) }
    if (isSide) side.push(value)
    else values.push(value)
  }
  for (const [to, parts] of members) {
    values.push({ to, expression: (write) => parts.map((part) => part(write)).join(' || ') })
  }
  for (const [to, constant] of Object.entries(table.constants ?? {})) {
    const our = target.columns.find((each) => each.name === to)
    if (!our || our.isGenerated || our.isIdentity || about.references[to] !== undefined)
      faults.push({ path: `${path}.constants.${to}`, text: unknownColumn(table.to, to, target, our) })
    else if (given.has(to))
      faults.push({ path: `${path}.constants.${to}`, text: `"${to}" is given by "${given.get(to)}" already` })
    else {
      given.set(to, 'constants')
      values.push({ to, expression: () => `'${String(constant).replaceAll("'", "''")}'::${our.type}` })
    }
  }
  // The project of a row may also be that of what it refers to.
  const hasProject = references.some(({ to }) => to === 'project_id' || about.references[to] !== undefined)
  for (const our of target.columns) {
    const isFilled =
      !our.notNull ||
      our.default !== null ||
      our.isIdentity ||
      our.isGenerated ||
      given.has(our.name) ||
      members.has(our.name)
    const isProject = our.name === 'project_id' && hasProject
    if (!isFilled && !isProject)
      faults.push({ path: `${path}.columns`, text: `nothing gives ${table.to}.${our.name}, which is not optional` })
  }
  const row: RowUnit = {
    kind: 'rows',
    id: name,
    ...common,
    target: table.to,
    reads: [...reads],
    values,
    side: side.length > 0 ? { table: 'memory_access', values: side } : undefined,
    references: [...references].sort((a, b) => rank(a) - rank(b)),
    hasId: about.hasId,
    compared,
    embedding,
    words,
  }
  return { row, deferred }
}

function rank({ to, isRequired }: Reference): number {
  return to === 'project_id' ? 0 : isRequired ? 1 : 2
}

function isRest(target: string, our: Column): boolean {
  return our.type === 'jsonb' && restOf[target] === our.name
}

function linkUnit(
  common: Pick<LinkUnit, 'source' | 'key' | 'keyType' | 'checksum'>,
  column: Column,
  rule: ColumnRule,
  link: LinkTable,
  refers: string,
): LinkUnit {
  // "direction": "from" says that the value stands at the from end, so the row itself stands at the other.
  const isTurned = link.isDirected && rule.direction === 'from'
  return {
    kind: 'links',
    ...common,
    id: `${common.source}.${column.name}`,
    column: column.name,
    isArray: column.type.endsWith('[]'),
    refers,
    target: rule.to,
    own: isTurned ? link.other : link.own,
    other: isTurned ? link.own : link.other,
    linkKind: rule.kind,
    withTime: rule.to === 'memory_events',
  }
}

/** The source table whose ids a column holds: named, or the only one that becomes that table of ours, or that of its foreign key. */
function referredTable(
  { mapping, faults }: Resolving,
  path: string,
  rule: ColumnRule,
  target: string,
  column: Column,
): string | undefined {
  const candidates = Object.entries(mapping.tables).filter(([, table]) => table?.to === target)
  const names = candidates.map(([name]) => name)
  const named = rule.refers ?? (names.length === 1 ? names[0] : column.refers)
  if (named !== null && named !== undefined && names.includes(named)) return named
  const text =
    names.length === 0
      ? `holds ids of ${target}, and no source table becomes ${target}; map one, or write null`
      : `holds ids of ${target}; say of which source table: "refers": "${names.join('" or "')}"`
  faults.push({ path, text })
  return undefined
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

function unknown(text: string, typed: string, names: readonly string[]): string {
  const near = nearest(typed, names)
  return near === undefined ? `${text}; there are ${names.join(', ')}` : `${text}; did you mean "${near}"?`
}

function malformedMapping(faults: readonly Fault[]): AthenaError {
  return new AthenaError({
    code: 'malformed_mapping',
    message: faults.length === 1 ? 'the mapping has a fault' : `the mapping has ${faults.length} faults`,
    detail: faults.map(({ path, text }) => (path === '' ? text : `${path}: ${text}`)).join('\n'),
    hint: 'Correct these and run the command again; athena adopt --suggest drafts a mapping. Nothing was written.',
    exit: 2,
  })
}
