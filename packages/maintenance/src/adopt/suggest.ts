import type { Column, Table } from './catalogues.ts'
import { knownTables, restOf } from './known-names.ts'
import { type ColumnMapping, type ColumnRule, type Mapping, ruleOf, type TableMapping } from './mapping.ts'
import { linkTables, ourTables } from './our-tables.ts'

/** Drafts a mapping from names and types alone. "?" stands where a person has to decide. */
export function suggest(tables: ReadonlyMap<string, Table>, schema: string, timeZone?: string): Mapping {
  const found = new Map<string, TableMapping>()
  for (const [target, known] of Object.entries(knownTables)) {
    for (const name of known.names) {
      const table = tables.get(name)
      if (!table || found.has(name)) continue
      found.set(name, draft(table, target))
      // Of names such as memories and memory_vectors both may be in use; of the others the likeliest counts.
      if (target !== 'memories') break
    }
  }
  if (![...found.values()].some(({ to }) => to === 'memories')) {
    for (const table of tables.values()) {
      if (!found.has(table.name) && looksLikeMemories(table)) found.set(table.name, draft(table, 'memories'))
    }
  }
  const present = new Set([...found.values()].map(({ to }) => to))
  for (const table of found.values()) withoutAbsent(table, present)
  const left = [...tables.keys()].filter((name) => !found.has(name))
  return {
    $schema: 'https://unpkg.com/@athena-pg/maintenance/adoption-mapping.schema.json',
    schema,
    ...(timeZone !== undefined && { timeZone }),
    tables: Object.fromEntries([...found, ...left.map((name) => [name, null] as const)]),
  }
}

/** Ids of what the source does not have say something only to people. */
function withoutAbsent(table: TableMapping, present: ReadonlySet<string>): void {
  for (const [column, mapping] of Object.entries(table.columns)) {
    const to = mapping === '?' ? undefined : ruleOf(mapping)?.to
    const referred = to && (linkTables[table.to]?.[to]?.refers ?? ourTables[table.to]?.references[to])
    if (!referred || referred === 'projects' || present.has(referred)) continue
    const rest = restOf[table.to]
    table.columns[column] = rest === undefined ? '?' : { to: rest, key: column }
  }
}

function looksLikeMemories(table: Table): boolean {
  return table.columns.some(({ type }) => isVector(type)) && contentOf(table) !== undefined
}

/** By its name, or the last word of it (`The Body`, `noteText`); else the only column of text without a limit. */
function contentOf({ columns }: Table): string | undefined {
  const texts = columns.filter(({ type }) => isText(type))
  const unlimited = texts.filter(({ type }) => type === 'text')
  const called =
    texts.find(({ name }) => contentNames.includes(name)) ??
    texts.find(({ name }) => contentNames.includes(lastWord(name)))
  return (called ?? (unlimited.length === 1 ? unlimited[0] : undefined))?.name
}

const contentNames = ['content', 'text', 'body', 'chunk', 'document', 'note', 'memory']

function lastWord(name: string): string {
  return (
    name
      .replace(/([a-z])([A-Z])/g, '$1 $2')
      .split(/[^\p{L}]+/u)
      .filter(Boolean)
      .at(-1) ?? ''
  ).toLowerCase()
}

function draft(table: Table, target: string): TableMapping {
  const key = table.key.length === 1 ? table.key[0] : table.columns.find(({ name }) => name === 'id')?.name
  const taken = new Set<string>()
  const names = table.columns.map(({ name }) => name)
  const columns: Record<string, ColumnMapping> = {}
  const content = contentOf(table)
  for (const column of table.columns) {
    if (column.name === key && restOf[target] !== undefined) continue
    const mapping = draftColumn(column, target, taken, names, content)
    const rule = mapping === '?' ? undefined : ruleOf(mapping)
    if (rule && rule.key === undefined) taken.add(rule.to)
    columns[column.name] = mapping
  }
  const constants = missingConstants(target, taken)
  // Of a store with one owner no column says whose its rows are.
  const hasProject = ourTables[target]?.references.project_id === undefined || belongs(target, taken)
  return {
    ...{ to: target, ...(key !== undefined && { key }), ...(!hasProject && { project: '?' }), columns },
    ...(constants && { constants }),
  }
}

/** A row has the project of its own, or of what it refers to; a consolidation is of few rows. */
function belongs(target: string, taken: ReadonlySet<string>): boolean {
  return Object.entries(ourTables[target]?.references ?? {}).some(
    ([to, referred]) => taken.has(to) && referred !== target && referred !== 'consolidations',
  )
}

function draftColumn(
  column: Column,
  target: string,
  taken: ReadonlySet<string>,
  names: readonly string[],
  content: string | undefined,
): ColumnMapping {
  const known = knownTables[target]?.columns[column.name]
  const rule = known === undefined ? byType(column, target, taken, content) : ruleOf(known)
  if (known === null || column.isGenerated || column.type === 'tsvector') return null
  if (rule && (rule.key !== undefined || !taken.has(rule.to))) return simplest(fitting(rule, column, names))
  const rest = restOf[target]
  if (rest === undefined || column.type === 'bytea' || isVector(column.type)) return '?'
  return { to: rest, key: column.name }
}

/** Names that we do not know: an embedding is one by its type. */
function byType(
  column: Column,
  target: string,
  taken: ReadonlySet<string>,
  content: string | undefined,
): ReturnType<typeof ruleOf> {
  const hasEmbedding = target === 'memories' || target === 'episodic_events'
  if (hasEmbedding && isVector(column.type) && !taken.has('embedding')) return { to: 'embedding' }
  return target === 'memories' && column.name === content && !taken.has('content') ? { to: 'content' } : undefined
}

/** A conversion from numbers is for numbers, and what stands in for a null has to be there. */
function fitting(
  { as, or, ...plain }: NonNullable<ReturnType<typeof ruleOf>>,
  { type }: Column,
  names: readonly string[],
): ColumnRule {
  const isUnit = as === 'milliseconds' || as === 'seconds'
  const isVain = (isUnit && !isNumber(type)) || (as === 'list' && type.endsWith('[]'))
  return { ...plain, ...(as && !isVain && { as }), ...(or && names.includes(or) && { or }) }
}

function simplest(rule: NonNullable<ReturnType<typeof ruleOf>>): ColumnMapping {
  return Object.keys(rule).length === 1 ? rule.to : rule
}

/** What our table needs and no column gives. */
function missingConstants(target: string, taken: ReadonlySet<string>): Record<string, string> | undefined {
  const missing = Object.entries(knownTables[target]?.otherwise ?? {}).filter(([to]) => !taken.has(to))
  return missing.length === 0 ? undefined : Object.fromEntries(missing)
}

export function isVector(type: string): boolean {
  return /^(.+\.)?(vector|halfvec)(\(\d+\))?$/.test(type)
}

export function isNumber(type: string): boolean {
  return /^(smallint|integer|bigint|real|double precision|numeric)/.test(type) && !type.endsWith('[]')
}

export function isText(type: string): boolean {
  return /^(text|character)/.test(type) && !type.endsWith('[]')
}
