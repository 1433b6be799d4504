import { AthenaError } from '@athena-pg/database'
import type pg from 'pg'
import { storeTables, type Table } from '../adopt/catalogues.ts'

/** A table of the store, and how it is copied. */
export interface CopyTable {
  name: string
  /** Columns that are written: all but those that the database makes. */
  columns: readonly { name: string; type: string }[]
  /** Of the primary key. */
  keys: readonly { name: string; type: string }[]
  /** Columns that refer to the table itself: filled in when all its rows are there. */
  within: readonly string[]
  identity: string | undefined
  /** Whether its rows belong to projects; of `projects` itself the id says which. */
  projectColumn: string | undefined
}

interface Reference {
  from: string
  to: string
  columns: string[]
}

/**
 * The tables of the store in the order of their references.
 * @throws AthenaError store_missing, table_without_key
 */
export async function copyTables(client: pg.ClientBase, which: 'source' | 'target'): Promise<CopyTable[]> {
  const tables = await storeTables(client, `in the ${which}`)
  const { rows: references } = await client.query<Reference>(
    `SELECT c.relname AS "from", r.relname AS "to",
            (SELECT json_agg(a.attname) FROM pg_catalog.pg_attribute a
              WHERE a.attrelid = f.conrelid AND a.attnum = ANY (f.conkey) AND NOT a.attnotnull) AS columns
       FROM pg_catalog.pg_constraint f JOIN pg_catalog.pg_class c ON c.oid = f.conrelid JOIN pg_catalog.pg_class r ON r.oid = f.confrelid
       JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
      WHERE f.contype = 'f' AND n.nspname = 'athena' AND f.conparentid = 0`,
  )
  return ordered([...tables.values()], references).map((table) => copyTable(table, references))
}

function copyTable(table: Table, references: readonly Reference[]): CopyTable {
  if (table.key.length === 0) {
    throw new AthenaError({
      code: 'table_without_key',
      message: `athena.${table.name} has no primary key, so its rows cannot be copied in order`,
      hint: 'Give it one, or move it to a schema of its own.',
    })
  }
  const columns = table.columns.filter((column) => !column.isGenerated)
  const typeOf = (name: string): string => columns.find((column) => column.name === name)?.type ?? 'text'
  return {
    name: table.name,
    columns,
    keys: table.key.map((name) => ({ name, type: typeOf(name) })),
    within: references.flatMap(({ from, to, columns: own }) =>
      from === table.name && to === table.name ? (own ?? []) : [],
    ),
    identity: columns.find((column) => column.isIdentity)?.name,
    projectColumn:
      table.name === 'projects' ? 'id' : columns.some(({ name }) => name === 'project_id') ? 'project_id' : undefined,
  }
}

/** What is referred to comes first; by name where nothing decides. */
function ordered(tables: readonly Table[], references: readonly Reference[]): Table[] {
  const found: Table[] = []
  let rest = [...tables]
  while (rest.length > 0) {
    const left = new Set(rest.map(({ name }) => name))
    const free = rest.filter(
      ({ name }) => !references.some(({ from, to }) => from === name && to !== name && left.has(to)),
    )
    // A circle between tables: whatever the order, the database will say which reference fails.
    const next = free.length > 0 ? free : rest
    found.push(...next)
    rest = rest.filter((table) => !next.includes(table))
  }
  return found
}

/** @throws AthenaError stores_differ */
export function refuseOtherForm(from: readonly CopyTable[], to: readonly CopyTable[]): void {
  const faults: string[] = []
  for (const table of from) {
    const other = to.find(({ name }) => name === table.name)
    if (!other) faults.push(`athena.${table.name} is only in the source`)
    for (const column of other ? table.columns : []) {
      const there = other?.columns.find(({ name }) => name === column.name)
      if (there?.type !== column.type)
        faults.push(
          `athena.${table.name}.${column.name}: ${column.type} in the source, ${there?.type ?? 'missing'} in the target`,
        )
    }
  }
  if (faults.length === 0) return
  throw new AthenaError({
    code: 'stores_differ',
    message: 'the two stores are not of the same form',
    detail: faults.join('\n'),
    hint: 'Install the target with the same packages and variables as the source: athena migrate status shows the packages, athena_migrations.migrations the variables. Nothing was written.',
  })
}
