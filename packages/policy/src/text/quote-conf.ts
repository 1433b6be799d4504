import type { CatalogueEntry } from '../catalogue/catalogue-entry.ts'

// What the lexer of postgresql.conf takes without quotes: a number, a whole number with a unit, or a word.
const bare = /^(?:-?\d+[a-zA-Z]*|-?\d+\.\d+|[a-zA-Z_][a-zA-Z0-9_.:/-]*)$/

/** A value as postgresql.conf accepts it. Between quotes a backslash is special there, unlike in SQL. */
export function quoteConf({ type }: Pick<CatalogueEntry, 'type'>, value: string): string {
  if (type !== 'string' && bare.test(value)) return value
  return `'${value.replaceAll('\\', '\\\\').replaceAll("'", "''")}'`
}
