/** A string literal, with standard_conforming_strings on, its default. */
export function quoteSql(value: string): string {
  return `'${value.replaceAll("'", "''")}'`
}
