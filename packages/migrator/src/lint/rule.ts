import type { Statement } from '../sql-text/statements.ts'
import type { Known } from './known.ts'
import type { Nodes } from './tree.ts'

export type Level = 'error' | 'warning'
/** Where a statement stands. */
export type Place = 'up' | 'down' | 'function'

/** One rule: a file in rules/, named after its id. */
export interface Rule {
  /** Public API: a noun phrase that names the fault, in snake_case. Never renamed. */
  id: string
  /** error: blocks an application for as long as a table is large, or cannot work. warning: what a person should have decided. */
  level: Level
  places: readonly Place[]
  /** Names of the statements that it looks at; every one where it is left out. */
  statements?: readonly (keyof Nodes)[]
  /** What is wrong with it, and which lock. */
  reason: string
  /** What to write instead. */
  help: string
  /** Page of the documentation. */
  source: string
  /** Texts on which the rule is silent: a whole migration, or its Up section alone. */
  ok: readonly string[]
  /** Texts in which it, and no other rule, finds a fault. */
  err: readonly string[]
  check(context: Context): Iterable<Fault>
}

/** A statement, with what a rule may want to know of its surroundings. */
export interface Context {
  statement: Statement
  place: Place
  /** The file's statements run one by one, outside a transaction. */
  noTransaction: boolean
  /** The file's statement is repeated in batches, each in its own transaction. */
  isBatched: boolean
  /** Of its section, itself included. */
  section: readonly Statement[]
  /** Of the Up section of its file. */
  up: readonly Statement[]
  /** From statements before this one. */
  known: Known
  /** Repeatable functions of all packages: `schema.name`. */
  functions: ReadonlySet<string>
}

export interface Fault {
  /** As the parse tree counts, in bytes of the rendered section; the statement's beginning where it is left out. */
  at?: number | undefined
  /** What the rule's reason does not say: which table, which number. */
  detail?: string | undefined
  fix?: Fix | undefined
}

/** Replaces a stretch of the rendered section, in UTF-16 units. */
export interface Edit {
  start: number
  end: number
  text: string
}

export interface Fix {
  edits: readonly Edit[]
  /** It also needs `--! no-transaction` at the top of the file. */
  noTransaction?: boolean
}
