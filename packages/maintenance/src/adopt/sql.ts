/** An identifier, quoted. */
export function name(identifier: string): string {
  return `"${identifier.replaceAll('"', '""')}"`
}

/** A string, quoted; the sessions have standard_conforming_strings on. */
export function text(value: string): string {
  return `'${value.replaceAll("'", "''")}'`
}
