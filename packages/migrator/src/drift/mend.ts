import type { CatalogueObject } from '../catalogue/catalogue-objects.ts'
import { type Difference, hangingOn, type Objects } from '../catalogue/compare-objects.ts'
import type { LivePartition } from './live-partitions.ts'
import { alterColumn, tableOf } from './mend-column.ts'
import { addConstraint, dropConstraint, replaceConstraint } from './mend-constraint.ts'
import { buildPartitions, createIndex, dropIndex, isInvalid, validText } from './mend-index.ts'
import { createTable } from './mend-table.ts'

/** How a difference goes away. */
export interface Mend {
  /** To run one by one, each in a transaction of its own; empty where it needs a hand. */
  sql: readonly string[]
  /** What a person must know or do. */
  remark?: string
  /** It deletes rows or values. */
  losesData?: true
}

export interface MendContext {
  expected: Objects
  /** Tables that were partitions, quoted and qualified. */
  detached: ReadonlySet<string>
  partitions: ReadonlyMap<string, readonly LivePartition[]>
}

export function mend(difference: Difference, context: MendContext): Mend {
  if (difference.state === 'missing') return create(difference.expected, context)
  if (difference.state === 'unexpected') return drop(difference.actual)
  return change(difference.expected, difference.actual, context)
}

const byHand = (remark: string): Mend => ({ sql: [], remark })
const run = (sql: readonly string[], remark?: string): Mend => ({ sql, ...(remark !== undefined && { remark }) })
const runOr = (sql: readonly string[] | undefined, remark: string): Mend =>
  sql === undefined ? byHand(remark) : { sql }

/** The object, and what hangs on it but is told with it: the comments of a column, say. */
function create(object: CatalogueObject, context: MendContext): Mend {
  const hanging = hangingOn(object, context.expected)
  const after = remarksOn(hanging)
  const withRemarks = (sql: readonly string[], remark?: string): Mend => run([...sql, ...after], remark)
  const indexFrom = (sql: readonly string[] | undefined): Mend => runOr(sql && [...sql, ...after], nestedPartitions)
  switch (object.kind) {
    case 'table':
      return createTable(object, hanging)
    case 'column': {
      const needsValue = / NOT NULL/.test(object.definition) && !/ (DEFAULT|GENERATED) /.test(object.definition)
      const remark = needsValue
        ? 'Fails where the table has rows: add it without NOT NULL, fill it, then SET NOT NULL.'
        : undefined
      return withRemarks([`ALTER TABLE ${tableOf(object)} ADD COLUMN ${object.definition};`], remark)
    }
    case 'constraint':
      return withRemarks(addConstraint(object))
    case 'index':
      return indexFrom(createIndex(object, context.partitions.get(tableOf(object)) ?? []))
    case 'options':
      return run([`ALTER TABLE ${object.name} SET ${object.definition.slice('WITH '.length)};`])
    case 'partition':
      return createPartition(object, context)
    case 'partition differs':
      return byHand('A partition is no longer what its migration made.')
    default:
      return withRemarks([object.definition])
  }
}

function remarksOn(hanging: readonly CatalogueObject[]): string[] {
  return hanging
    .filter(({ kind }) => kind === 'comment' || kind === 'trigger state')
    .map(({ definition }) => definition)
}

function createPartition({ name, definition }: CatalogueObject, { detached }: MendContext): Mend {
  if (/_YYYY_MM"?$/.test(name)) return byHand('No month is there: SELECT athena.ensure_partitions(…) makes them.')
  // Storage parameters have an equals sign, the bounds WITH (modulus 8, remainder 0) have none.
  const [, parent = '', bounds = ''] = / PARTITION OF (\S+) (.*?)(?: WITH \([\w.]+=.*\))?;$/s.exec(definition) ?? []
  return detached.has(name)
    ? run(
        [`ALTER TABLE ${parent} ATTACH PARTITION ${name} ${bounds};`],
        'It was detached; rows that do not belong there stop this.',
      )
    : run([definition])
}

const nestedPartitions = 'Its partitions have partitions themselves: build the index from the lowest up.'

function drop(object: CatalogueObject): Mend {
  const { kind, name, definition } = object
  const table = tableOf(object)
  const own = name.slice(table.length + 1)
  switch (kind) {
    case 'schema':
      return { sql: [`DROP SCHEMA ${name};`], remark: 'Fails while something is in it.' }
    case 'table':
      return { sql: [`DROP TABLE ${name};`], losesData: true }
    case 'column':
      return { sql: [`ALTER TABLE ${table} DROP COLUMN ${own};`], losesData: true }
    case 'type':
      return run([`DROP ${definition.startsWith('CREATE DOMAIN') ? 'DOMAIN' : 'TYPE'} ${name};`])
    case 'view':
      return run([`DROP ${definition.startsWith('CREATE MAT') ? 'MATERIALIZED VIEW' : 'VIEW'} ${name};`])
    case 'sequence':
      return run([`DROP SEQUENCE ${name};`])
    case 'function':
      return run([`DROP ROUTINE ${name};`])
    case 'constraint':
      return run([dropConstraint(object)])
    case 'index':
      return run([dropIndex(object)])
    case 'statistics':
      return run([`DROP STATISTICS ${name};`])
    case 'trigger':
      return run([`DROP TRIGGER ${own} ON ${table};`])
    case 'policy':
      return run([`DROP POLICY ${own} ON ${table};`])
    case 'trigger state':
      return run([definition.replace(/ (DISABLE|ENABLE REPLICA|ENABLE ALWAYS) TRIGGER /, ' ENABLE TRIGGER ')])
    case 'row security':
      return run([definition.replace(' ENABLE ROW', ' DISABLE ROW').replace(' FORCE ROW', ' NO FORCE ROW')])
    case 'options': {
      const names = [...definition.matchAll(/[(,] ?([a-z_.]+)=/g)].map(([, option]) => option)
      return run([`ALTER TABLE ${name} RESET (${names.join(', ')});`])
    }
    case 'comment':
      return run([definition.replace(/ IS (?:E?'[\s\S]*);$/, ' IS NULL;')])
    case 'partition':
      return { sql: [`DROP TABLE ${name};`], losesData: true }
    case 'partition differs': {
      const index = / has index: CREATE (?:UNIQUE )?INDEX (\S+) ON (?:ONLY )?((?:"(?:[^"]|"")*"|[^".\s])+)\./.exec(
        definition,
      )
      if (index !== null) return run([`DROP INDEX CONCURRENTLY ${index[2]}.${index[1]};`])
      return byHand('A partition is another than its parent: look at it, or make it anew and move its rows.')
    }
  }
}

function change(expected: CatalogueObject, actual: CatalogueObject, context: MendContext): Mend {
  const { kind, name, definition } = expected
  switch (kind) {
    case 'column':
      return runOr(alterColumn(expected, actual), 'Its expression is another: add a column beside it, and swap them.')
    case 'constraint':
      return run([...replaceConstraint(expected, actual), ...remarksOn(hangingOn(expected, context.expected))])
    case 'index': {
      const partitions = context.partitions.get(tableOf(expected)) ?? []
      if (isInvalid(actual) && validText(actual) === definition && expected.isPartitioned === true)
        return runOr(buildPartitions(expected, partitions), nestedPartitions)
      const unbuilt = partitions.map((partition) => ({ ...partition, validIndexesOf: [] }))
      const create = createIndex(expected, unbuilt)
      return runOr(
        create === undefined
          ? undefined
          : [dropIndex(actual), ...create, ...remarksOn(hangingOn(expected, context.expected))],
        nestedPartitions,
      )
    }
    case 'function': {
      // CREATE OR REPLACE refuses another result.
      const isSameResult = returns(definition) === returns(actual.definition)
      return run(isSameResult ? [`${definition}`] : [`DROP ROUTINE ${name};`, definition])
    }
    case 'view':
      return definition.startsWith('CREATE VIEW ')
        ? run(
            [definition.replace(/^CREATE VIEW /, 'CREATE OR REPLACE VIEW ')],
            'Where a column of it goes: DROP VIEW first.',
          )
        : byHand('A materialized view is made anew: DROP, then CREATE with its indexes.')
    case 'comment':
    case 'trigger state':
      return run([definition])
    case 'statistics':
    case 'trigger':
    case 'policy':
      return run([...drop(actual).sql, ...create(expected, context).sql])
    case 'options':
      return run([...drop(actual).sql, ...create(expected, context).sql])
    case 'sequence':
      return run([definition.replace(/^CREATE SEQUENCE /, 'ALTER SEQUENCE ')])
    case 'table':
      return definition === actual.definition.replace('CREATE UNLOGGED TABLE', 'CREATE TABLE')
        ? run([`ALTER TABLE ${name} SET LOGGED;`], 'Writes the table anew.')
        : byHand('Another kind of table: make it anew beside the old one, and copy the rows.')
    default:
      return byHand(`No statement alters this: compare the two, and decide which is right.`)
  }
}

function returns(definition: string): string | undefined {
  return /^ RETURNS .*$/m.exec(definition)?.[0]
}
