import { AthenaError } from '@athena-pg/database'
import type { Table } from './catalogues.ts'
import type { Mapping } from './mapping.ts'
import { type Fault, formFaults } from './mapping-form.ts'
import { ourTables } from './our-tables.ts'
import { resolveTable, unknown } from './resolve-table.ts'
import type { LinkUnit, RowUnit, Unit } from './unit.ts'

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
    if (table !== null && ourTables[table.to] && !ours.has(table.to))
      faults.push({ path: `tables.${name}.to`, text: `this store has no table athena.${table.to}` })
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

function malformedMapping(faults: readonly Fault[]): AthenaError {
  return new AthenaError({
    code: 'malformed_mapping',
    message: faults.length === 1 ? 'the mapping has a fault' : `the mapping has ${faults.length} faults`,
    detail: faults.map(({ path, text }) => (path === '' ? text : `${path}: ${text}`)).join('\n'),
    hint: 'Correct these and run the command again; athena adopt --suggest drafts a mapping. Nothing was written.',
    exit: 2,
  })
}
