import { identifier } from '@athena-pg/database'
import type { CatalogueObject } from '../catalogue/catalogue-objects.ts'
import { lastPart } from '../catalogue/name-parts.ts'
import { tableOf } from './mend-column.ts'

/** Adds it so that others go on reading and writing while rows are looked at, wherever PostgreSQL can. */
export function addConstraint(constraint: CatalogueObject): string[] {
  const table = tableOf(constraint)
  const add = (definition: string): string => `ALTER TABLE ${table} ADD ${definition};`
  const { definition, isPartitioned } = constraint
  if (definition.endsWith(' NOT VALID')) return [add(definition)]
  if (isKey(constraint)) return isPartitioned === true ? [add(definition)] : addKey(constraint, '')
  const isForeign = / FOREIGN KEY /.test(definition)
  // Before PostgreSQL 18 a foreign key of a partitioned table cannot be NOT VALID; exclusion constraints never can.
  if ((isForeign && isPartitioned === true) || / EXCLUDE /.test(definition)) return [add(definition)]
  return [add(`${definition} NOT VALID`), `ALTER TABLE ${table} VALIDATE CONSTRAINT ${nameOf(constraint)};`]
}

export function dropConstraint(constraint: CatalogueObject): string {
  return `ALTER TABLE ${tableOf(constraint)} DROP CONSTRAINT ${nameOf(constraint)};`
}

/** undefined where it needs a hand: foreign keys of others may depend on a key. */
export function replaceConstraint(expected: CatalogueObject, actual: CatalogueObject): string[] {
  if (actual.definition === `${expected.definition} NOT VALID`) {
    return [`ALTER TABLE ${tableOf(expected)} VALIDATE CONSTRAINT ${nameOf(expected)};`]
  }
  if (isKey(expected) && expected.isPartitioned !== true) return addKey(expected, `DROP CONSTRAINT ${nameOf(actual)}, `)
  return [dropConstraint(actual), ...addConstraint(expected)]
}

function isKey({ definition }: CatalogueObject): boolean {
  return /^CONSTRAINT \S+ (PRIMARY KEY|UNIQUE) [(N]/.test(definition.replace(/"(?:[^"]|"")*"/, 'quoted'))
}

/** Its index is built first, while others write. */
function addKey(constraint: CatalogueObject, before: string): string[] {
  const { definition } = constraint
  const table = tableOf(constraint)
  const parts = /(PRIMARY KEY|UNIQUE)( NULLS NOT DISTINCT)? (\(.*\))( DEFERRABLE.*)?$/s.exec(definition)
  if (parts === null) return [`ALTER TABLE ${table} ${before}ADD ${definition};`]
  const [, kind = '', nulls = '', columns = '', deferrable = ''] = parts
  const name = nameOf(constraint)
  const building = before === '' ? name : identifier(`${name.replaceAll('"', '').slice(0, 58)}_new`)
  const schema = table.slice(0, -lastPart(table).length)
  return [
    `DROP INDEX CONCURRENTLY IF EXISTS ${schema}${building};`,
    `CREATE UNIQUE INDEX CONCURRENTLY ${building} ON ${table} ${columns}${nulls};`,
    `ALTER TABLE ${table} ${before}ADD CONSTRAINT ${name} ${kind} USING INDEX ${building}${deferrable};`,
  ]
}

function nameOf(constraint: CatalogueObject): string {
  return constraint.name.slice(tableOf(constraint).length + 1)
}
