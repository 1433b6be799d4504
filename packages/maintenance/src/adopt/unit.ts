/** An expression over source columns; `column` says how they are written where it is used. */
export type Expression = (column: (name: string) => string) => string

/** What one of our columns is made of. */
export interface Value {
  to: string
  expression: Expression
}

/** Our column that holds an id, and the source column that held the old one. */
export interface Reference {
  to: string
  column: string
  /** Source table that the ids are of. */
  refers: string
  isRequired: boolean
}

/** Rows of a source table that become rows of ours. */
export interface RowUnit {
  kind: 'rows'
  /** Names the work in the progress table. */
  id: string
  source: string
  key: string
  keyType: string
  target: string
  /** Source columns that are read, the key among them. */
  reads: readonly string[]
  values: readonly Value[]
  /** Columns of the row beside it: memory_access. */
  side?: { table: string; values: readonly Value[] } | undefined
  references: readonly Reference[]
  /** Name of the project that all rows go to, where no column says. */
  project?: string | undefined
  hasId: boolean
  /** Our text column that is compared at the end, and the source column that it is a plain copy of. */
  compared?: { to: string; column: string } | undefined
  /** Source column of the embedding. */
  embedding?: string | undefined
  /** Words that are brought into form, for the survey. */
  words: readonly { column: string; expression: Expression }[]
  checksum: string
}

/** Ids in a source column that become links, or a reference within the table: after all rows are there. */
export interface LinkUnit {
  kind: 'links'
  id: string
  source: string
  key: string
  keyType: string
  column: string
  isArray: boolean
  /** Source table that the ids are of. */
  refers: string
  /** Our table that is written: a table of links, or the row's own. */
  target: string
  /** Columns of the link for the row itself and for what it refers to; for a reference within the table only `other`. */
  own?: string | undefined
  other: string
  linkKind?: string | undefined
  /** memory_events also holds the event's time. */
  withTime?: boolean | undefined
  checksum: string
}

export type Unit = RowUnit | LinkUnit
