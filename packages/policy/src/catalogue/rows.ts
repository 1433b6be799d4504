import type { CatalogueEntry, ExtensionEntry } from './catalogue-entry.ts'

// What the generated tables are written in: a setting is one line of them, and a version the lines that it changes. Every command
// loads all of them, so that nothing here is copied that need not be.

export type Entries = Readonly<Record<string, CatalogueEntry>>
type Row = Omit<CatalogueEntry, 'name'>
type Rows = Readonly<Record<string, Row>>
type Context = CatalogueEntry['context']
type Default = CatalogueEntry['default']
type Unit = CatalogueEntry['unit']

export function bool(context: Context, boot: Default): Row {
  return { type: 'bool', context, default: boot }
}

export function integer(context: Context, boot: Default, min: number, max: number, unit?: Unit): Row {
  const row: Row = { type: 'integer', context, default: boot, min, max }
  return unit === undefined ? row : Object.assign(row, { unit })
}

export function real(context: Context, boot: Default, min: number, max: number, unit?: Unit): Row {
  const row: Row = { type: 'real', context, default: boot, min, max }
  return unit === undefined ? row : Object.assign(row, { unit })
}

export function text(context: Context, boot: Default): Row {
  return { type: 'string', context, default: boot }
}

/** A text whose items ALTER SYSTEM wants quoted one by one. */
export function list(context: Context, boot: Default): Row {
  return { type: 'string', context, default: boot, list: true }
}

export function choice(
  context: Context,
  boot: Default,
  values: readonly string[],
  richValues?: readonly string[],
): Row {
  const row: Row = { type: 'enum', context, default: boot, values }
  return richValues === undefined ? row : Object.assign(row, { richValues })
}

export function named(rows: Rows): Entries {
  return changed({}, [], rows)
}

/** The settings of a version, by what it changes of the version before. */
export function changed(before: Entries, removed: readonly string[], rows: Rows): Entries {
  // Without a prototype: nobody's setting is called `constructor`.
  const entries: Record<string, CatalogueEntry> = Object.assign(Object.create(null), before)
  for (const name of removed) delete entries[name]
  for (const name in rows) entries[name] = Object.assign(rows[name] as Row, { name })
  return entries
}

/** The settings of libraries. */
export function ofLibraries(
  libraries: Readonly<Record<ExtensionEntry['library'], Record<string, Omit<ExtensionEntry, 'name' | 'library'>>>>,
): Readonly<Record<string, ExtensionEntry>> {
  const entries: Record<string, ExtensionEntry> = Object.create(null)
  for (const [library, rows] of Object.entries(libraries) as [ExtensionEntry['library'], Rows][])
    for (const [name, row] of Object.entries(rows)) entries[name] = Object.assign(row, { name, library })
  return entries
}
