import type { CatalogueRow } from './catalogue.ts'
import { lastPart } from './name-parts.ts'
import { elementsOf, masked, statementsOf } from './sql-pieces.ts'

export type ObjectKind =
  | 'schema'
  | 'type'
  | 'table'
  | 'options'
  | 'row security'
  | 'column'
  | 'constraint'
  | 'index'
  | 'statistics'
  | 'trigger'
  | 'trigger state'
  | 'policy'
  | 'partition'
  | 'partition differs'
  | 'view'
  | 'sequence'
  | 'function'
  | 'comment'

/** One thing that can be there, be missing, or be another than expected. */
export interface CatalogueObject {
  kind: ObjectKind
  /** Quoted and qualified, and of things that live in a table their own name after it: `shop.orders.note`. */
  name: string
  /** As the catalogue prints it. */
  definition: string
  /** Of a table: with all that it holds, where the definition stands for the table alone. */
  whole?: string
  /** Table, view, … that it belongs to, as `kind name`. */
  of?: string
  /** Belongs to a partitioned table. */
  isPartitioned?: boolean
}

export function keyOf({ kind, name }: Pick<CatalogueObject, 'kind' | 'name'>): string {
  return `${kind} ${name}`
}

/** Takes the catalogue's rows apart: a table into itself, its columns, constraints, indexes, comments and so on. */
export function objectsOf(rows: readonly CatalogueRow[]): Map<string, CatalogueObject> {
  const objects = rows.flatMap(takenApart)
  return new Map(objects.map((object) => [keyOf(object), object]))
}

const kindOfRank: Readonly<Record<number, ObjectKind>> = {
  10: 'schema',
  20: 'type',
  30: 'table',
  40: 'view',
  50: 'sequence',
  60: 'function',
}

function takenApart(row: CatalogueRow): CatalogueObject[] {
  if (row.rank === 31) {
    const isDifference = row.text.startsWith('-- differs: ')
    return isDifference
      ? [{ kind: 'partition differs', name: row.text.slice('-- differs: '.length), definition: row.text }]
      : [{ kind: 'partition', name: row.name, definition: row.text, of: parentOf(row.text) }]
  }
  const kind = kindOfRank[row.rank] ?? 'table'
  if (kind === 'function') return functionAndComment(row)
  const [first = '', ...more] = statementsOf(row.text)
  const key = `${kind} ${row.name}`
  const own = kind === 'table' ? table(row, first, key) : [{ kind, name: row.name, definition: first }]
  const isPartitioned = own.some(({ kind: part, definition }) => part === 'table' && / PARTITION BY /.test(definition))
  const hanging = more.map((statement) => hangingOn(statement, row.name, key))
  return [...own, ...hanging].map((object) => (isPartitioned ? { ...object, isPartitioned } : object))
}

function parentOf(partition: string): string {
  return `table ${new RegExp(` PARTITION OF ${word} `).exec(partition)?.[1] ?? ''}`
}

/** A body may hold statements itself, so only the last one is looked for. */
function functionAndComment({ name, text }: CatalogueRow): CatalogueObject[] {
  const at = masked(text).search(/;\nCOMMENT ON (FUNCTION|PROCEDURE) /)
  const own: CatalogueObject = { kind: 'function', name, definition: at < 0 ? text : text.slice(0, at + 1) }
  if (at < 0) return [own]
  return [own, { kind: 'comment', name: `on function ${name}`, definition: text.slice(at + 2), of: keyOf(own) }]
}

/** CREATE TABLE name (columns and constraints) [PARTITION BY …] [WITH (…)]; */
function table({ name, text: whole }: CatalogueRow, create: string, of: string): CatalogueObject[] {
  const open = masked(create).indexOf('(')
  const { elements, end } = elementsOf(create, open)
  const tail = create.slice(end)
  const withAt = masked(tail).search(/ WITH \(/)
  const by = withAt < 0 ? tail.slice(0, -1) : tail.slice(0, withAt)
  const own: CatalogueObject = { kind: 'table', name, definition: `${create.slice(0, open)}()${by};`, whole }
  const options: CatalogueObject[] =
    withAt < 0 ? [] : [{ kind: 'options', name, definition: tail.slice(withAt + 1, -1), of }]
  const parts = elements.map((element): CatalogueObject => {
    const constraint = /^CONSTRAINT ("[^"]*(?:""[^"]*)*"|\S+) /.exec(element)?.[1]
    const kind = constraint === undefined ? 'column' : 'constraint'
    const part = constraint ?? /^("[^"]*(?:""[^"]*)*"|\S+)/.exec(element)?.[1] ?? ''
    return { kind, name: `${name}.${part}`, definition: element, of }
  })
  return [own, ...options, ...parts]
}

const word = String.raw`((?:"(?:[^"]|"")*"|[^\s".;]+)(?:\.(?:"(?:[^"]|"")*"|[^\s".;]+))*)`
const patterns: readonly [RegExp, ObjectKind][] = [
  [new RegExp(`^CREATE (?:UNIQUE )?INDEX ${word} ON `), 'index'],
  [new RegExp(`^CREATE STATISTICS ${word} `), 'statistics'],
  [new RegExp(`^CREATE (?:CONSTRAINT )?TRIGGER ${word} `), 'trigger'],
  [new RegExp(`^CREATE POLICY ${word} ON `), 'policy'],
  [new RegExp(`^ALTER TABLE .* TRIGGER ${word};`), 'trigger state'],
  [/^ALTER TABLE .* (ENABLE|FORCE) ROW LEVEL SECURITY;/, 'row security'],
]

function hangingOn(statement: string, relation: string, of: string): CatalogueObject {
  const schema = relation.slice(0, -lastPart(relation).length)
  for (const [pattern, kind] of patterns) {
    const name = pattern.exec(statement)?.[1]
    if (name === undefined) continue
    // An index lives beside its table, whose schema its definition does not repeat.
    if (kind === 'index') return { kind, name: `${schema}${name}`, definition: statement, of }
    if (kind === 'statistics') return { kind, name, definition: statement, of }
    if (kind === 'row security') return { kind, name: `${name} ${relation}`, definition: statement, of }
    const owner = kind === 'trigger state' ? `trigger ${relation}.${name}` : of
    return { kind, name: `${relation}.${name}`, definition: statement, of: owner }
  }
  return comment(statement, relation, of)
}

/** COMMENT ON kind name [ON table] IS '…'; */
function comment(statement: string, relation: string, of: string): CatalogueObject {
  const found = new RegExp(`^COMMENT ON ([A-Z ]+?) ${word}(?: ON ${word})? IS `).exec(statement)
  const what = (found?.[1] ?? '').toLowerCase()
  const name = found?.[2] ?? ''
  const owner: Readonly<Record<string, string>> = {
    column: `column ${name}`,
    constraint: `constraint ${relation}.${name}`,
    index: `index ${name}`,
  }
  const shown = what === 'constraint' ? `${relation}.${name}` : name
  return { kind: 'comment', name: `on ${what} ${shown}`, definition: statement, of: owner[what] ?? of }
}
