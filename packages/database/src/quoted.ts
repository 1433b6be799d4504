/** As a string constant, whether or not standard_conforming_strings is on. */
export function literal(value: string): string {
  const quoted = `'${value.replaceAll("'", "''")}'`
  return value.includes('\\') ? ` E${quoted.replaceAll('\\', '\\\\')}` : quoted
}

export function identifier(value: string): string {
  return `"${value.replaceAll('"', '""')}"`
}
