/**
 * How a store of another making becomes ours: source table to our table, source column to our column.
 * adoption-mapping.schema.json is the same as JSON Schema.
 */
export interface Mapping {
  $schema?: string
  /** Schema of the source tables; public where not given. */
  schema?: string
  /** Zone in which times without zone were written: `Europe/Berlin`. */
  timeZone?: string
  /** By source table; null leaves the table out. */
  tables: Record<string, TableMapping | null>
}

export interface TableMapping {
  /** Our table, without schema: `memories`. */
  to: string
  /** Column that names a row and gives the order of copying; the primary key where not given. */
  key?: string
  /** Name of the project that all rows go to, where the source has none; made where it is not there. */
  project?: string
  /** By source column. */
  columns: Record<string, ColumnMapping>
  /** Values of our columns that no source column gives. */
  constants?: Record<string, string | number | boolean>
}

/** Our column; null leaves the column out; "?" is not decided yet and refused. */
export type ColumnMapping = string | null | ColumnRule

export interface ColumnRule {
  /** `content`, `memory_access.usefulness`, or a table of links such as `plan_memories`. */
  to: string
  as?: Conversion
  /** For `as: word`: other words for these, compared before and after they are brought into form. */
  words?: Record<string, string>
  /** For `as: scale`: the ends of the source's range, and of ours (0 to 1 where not given). */
  from?: [number, number]
  onto?: [number, number]
  /** For our JSON columns: the member that the value becomes. Without it an object is merged whole. */
  key?: string
  /** Source column to take where this one is null. */
  or?: string
  /** What a null becomes. */
  default?: string | number | boolean
  /** Source table that the ids are of, where it cannot be told. */
  refers?: string
  /** For links: their kind, and which end the value is. */
  kind?: string
  direction?: 'from' | 'to'
}

/**
 * `milliseconds`, `seconds`: a number becomes a time (since 1970) or a duration.
 * `word`: lower case with _. `lower`: lower case. `scale`: from one range onto another. `list`: a JSON array becomes text[].
 */
export type Conversion = (typeof conversions)[number]

export const conversions = ['milliseconds', 'seconds', 'word', 'lower', 'scale', 'list'] as const

export function ruleOf(mapping: ColumnMapping): ColumnRule | undefined {
  return mapping === null ? undefined : typeof mapping === 'string' ? { to: mapping } : mapping
}
