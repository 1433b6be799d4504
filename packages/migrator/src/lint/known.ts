import type { RangeVar, TypeName } from 'libpg-query'
import { keyOf } from './tree.ts'

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
  /** Column of each valid constraint that says that it is not null, by the constraint's name. */
  notNull: ReadonlyMap<string, string>
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

/** `schema.name` of a table; one without a schema is a temporary one where there is one, else taken for one in public. */
export function keyIn(known: Known, relation: RangeVar): string {
  const { schemaname, relname = '', relpersistence } = relation
  const temporary = `pg_temp.${relname}`
  const isTemporary = schemaname === undefined && (relpersistence === 't' || known.tables.has(temporary))
  return isTemporary ? temporary : keyOf(relation)
}

/** Made by a statement before this one, so that no application uses it yet. */
export function isNew(known: Known, relation: RangeVar | undefined): boolean {
  return relation !== undefined && isNewKey(known, keyIn(known, relation))
}

export function isNewKey(known: Known, key: string): boolean {
  const table = known.tables.get(key) ?? known.tables.get(known.indexes.get(key) ?? '')
  return table?.era === known.era
}

export function tableOf(known: Known, relation: RangeVar | undefined): KnownTable | undefined {
  return relation === undefined ? undefined : known.tables.get(keyIn(known, relation))
}

/** Temporary tables are those of one file. */
export function forgetTemporary({ tables }: Known): void {
  for (const key of tables.keys()) if (key.startsWith('pg_temp.')) tables.delete(key)
}
