import { AthenaError, identifier, literal } from '@athena-pg/database'
import type { Section } from '../source.ts'
import { lineAndColumn, scan } from './scan.ts'

/** SQL text with its variables replaced, and the way back to the file's own positions. */
export interface RenderedSql {
  sql: string
  /** Names of the variables that stand in it. */
  used: readonly string[]
  /** UTF-16 offsets in `sql` at which the value of that variable stands. */
  placesOf(name: string): readonly number[]
  /** UTF-16 offset in the file for a UTF-16 offset in `sql`. */
  positionInFile(offset: number): number
}

// psql's forms. A colon that follows a colon is a cast; one that follows a word character or `]` is an array slice.
const reference = /(?<![:\w\]]):(?:([A-Za-z_]\w*)|'([A-Za-z_]\w*)'|"([A-Za-z_]\w*)")/g

/** Names of the variables in SQL text, in order of appearance. Not looked for inside quotes and comments. */
export function variablesIn(text: string): string[] {
  return [...new Set(references(text).map(({ name }) => name))]
}

interface Reference {
  name: string
  form: 'raw' | 'literal' | 'identifier'
  start: number
  end: number
}

function references(text: string): Reference[] {
  const found: Reference[] = []
  const spans = scan(text)
  for (const [index, span] of spans.entries()) {
    if (span.kind !== 'code') continue
    const next = spans[index + 1]
    // `:'name'` is code, then a quoted span: look at both together.
    const quoted = next?.kind === 'quoted' && text[span.end - 1] === ':' ? next.end : span.end
    const part = text.slice(Math.max(0, span.start - 1), quoted)
    const shift = Math.max(0, span.start - 1)
    reference.lastIndex = 0
    for (const match of part.matchAll(reference)) {
      const start = shift + match.index
      if (start < span.start || start >= span.end) continue
      const [whole, raw, literal, identifier] = match
      const name = raw ?? literal ?? identifier ?? ''
      found.push({ name, form: raw ? 'raw' : literal ? 'literal' : 'identifier', start, end: start + whole.length })
    }
  }
  return found
}

/**
 * Replaces `:name` by the value as it is, `:'name'` by a string literal and `:"name"` by a quoted identifier.
 * @throws AthenaError `undeclared_variable` with file, line and column
 */
export function render(
  section: Section,
  values: ReadonlyMap<string, string>,
  file: string,
  fileText: string,
): RenderedSql {
  const edits: { start: number; end: number; reference: Reference }[] = []
  const used = new Set<string>()
  let sql = ''
  let copied = 0
  for (const reference of references(section.text)) {
    const { name, form, start, end } = reference
    const value = values.get(name)
    if (value === undefined) throw undeclared(name, [...values.keys()], file, fileText, section.offset + start)
    used.add(name)
    const replacement = form === 'raw' ? value : form === 'literal' ? literal(value) : identifier(value)
    sql += section.text.slice(copied, start)
    edits.push({ start: sql.length, end: sql.length + replacement.length, reference })
    sql += replacement
    copied = end
  }
  sql += section.text.slice(copied)
  const positionInFile = (offset: number): number => {
    const edit = edits.findLast(({ start }) => start <= offset)
    if (edit === undefined) return section.offset + offset
    const { start, end } = edit.reference
    return section.offset + (offset < edit.end ? start : end + offset - edit.end)
  }
  const placesOf = (name: string) => edits.filter((edit) => edit.reference.name === name).map(({ start }) => start)
  return { sql, used: [...used], placesOf, positionInFile }
}

function undeclared(name: string, known: string[], file: string, text: string, at: number): AthenaError {
  const { line, column } = lineAndColumn(text, at)
  return new AthenaError({
    code: 'undeclared_variable',
    message: `variable "${name}" is not declared`,
    detail: `${file}:${line}:${column} uses it; declared are ${known.sort().join(', ') || 'none'}.`,
    hint: 'Declare it under "athena.variables" in the package.json of the package, or of one that the package depends on.',
  })
}
