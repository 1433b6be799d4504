import type { Statement } from '../sql-text/statements.ts'
import type { Edit } from './rule.ts'

/** UTF-16 offset in the rendered section of a location in the parse tree, which counts bytes. */
export function offsetOf({ sql, offset, byteOffset }: Statement, location: number): number {
  const bytes = Buffer.from(sql)
  const inside = Math.min(Math.max(0, location - byteOffset), bytes.length)
  return offset + (bytes.length === sql.length ? inside : bytes.subarray(0, inside).toString().length)
}

/** Inserts behind what the pattern, which begins with `^`, matches at the beginning of the statement; undefined where it does not. */
export function insertAfter(statement: Statement, pattern: RegExp, text: string): Edit | undefined {
  const found = pattern.exec(statement.sql)?.[0]
  if (found === undefined) return undefined
  const at = statement.offset + found.length
  return { start: at, end: at, text }
}

/** Appends to the statement; undefined where a comment ends it, which would swallow the text. */
export function append(statement: Statement, text: string): Edit | undefined {
  if (/--[^\n]*$/.test(statement.sql)) return undefined
  const at = statement.offset + statement.sql.length
  return { start: at, end: at, text }
}

/** Replaces what the pattern, which begins with `^`, matches at a location of the tree; undefined where it does not. */
export function replaceAt(
  statement: Statement,
  location: number | undefined,
  pattern: RegExp,
  text: string,
): Edit | undefined {
  const start = offsetOf(statement, location ?? 0)
  const found = pattern.exec(statement.sql.slice(start - statement.offset))?.[0]
  return found === undefined ? undefined : { start, end: start + found.length, text }
}
