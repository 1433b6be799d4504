import type { CatalogueEntry, ExtensionEntry } from '../catalogue-entry.ts'

// What the generated tables are written in: a setting is one line of them, and a version the lines that it changes.

export type Entries = Readonly<Record<string, CatalogueEntry>>
type Row = Omit<CatalogueEntry, 'name'>
type Rows = Readonly<Record<string, Row>>
type Context = CatalogueEntry['context']
type Default = CatalogueEntry['default']

export function bool(context: Context, boot: Default): Row {
  return { type: 'bool', context, default: boot }
}

export function integer(context: Context, boot: Default, min: number, max: number, unit?: CatalogueEntry['unit']): Row {
  return { type: 'integer', context, default: boot, min, max, ...(unit && { unit }) }
}

export function real(context: Context, boot: Default, min: number, max: number, unit?: CatalogueEntry['unit']): Row {
  return { type: 'real', context, default: boot, min, max, ...(unit && { unit }) }
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
  return { type: 'enum', context, default: boot, values, ...(richValues && { richValues }) }
}

/** Without a prototype: nobody's setting is called `constructor`. */
function table<T>(entries: readonly (readonly [string, T])[]): Readonly<Record<string, T>> {
  return Object.setPrototypeOf(Object.fromEntries(entries), null)
}

export function named(rows: Rows): Entries {
  return table(Object.entries(rows).map(([name, row]) => [name, { name, ...row }]))
}

/** The settings of a version, by what it changes of the version before. */
export function changed(before: Entries, removed: readonly string[], rows: Rows): Entries {
  return table([...Object.entries(before).filter(([name]) => !removed.includes(name)), ...Object.entries(named(rows))])
}

/** The settings of libraries. */
export function ofLibraries(
  libraries: Readonly<Record<ExtensionEntry['library'], Record<string, Omit<ExtensionEntry, 'name' | 'library'>>>>,
): Readonly<Record<string, ExtensionEntry>> {
  return table(
    (Object.keys(libraries) as ExtensionEntry['library'][]).flatMap((library) =>
      Object.entries(libraries[library]).map(([name, row]) => [name, { name, library, ...row }] as const),
    ),
  )
}
