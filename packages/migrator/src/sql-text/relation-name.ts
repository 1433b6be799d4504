import { identifier } from '@athena-pg/database'

/** Of PostgreSQL's grammar. */
export interface RangeVar {
  schemaname?: string
  relname: string
}

/** Quoted, and qualified where the statement qualifies it. */
export function relationName({ schemaname, relname }: RangeVar): string {
  return [schemaname, relname]
    .filter((part) => part !== undefined)
    .map(identifier)
    .join('.')
}
