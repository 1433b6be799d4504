/** A string literal, with standard_conforming_strings on, its default. */
export function quoteSql(value: string): string {
  return `'${value.replaceAll("'", "''")}'`
}

/** A name as SQL takes it anywhere: `athena.memories` is two of them. */
export function quoteName(name: string): string {
  return /^[a-z_][a-z0-9_]*$/.test(name) ? name : `"${name.replaceAll('"', '""')}"`
}
