import { createHash } from 'node:crypto'
import { AthenaError } from '@athena-pg/database'
import { type Batch, readBatch } from './batch/batch.ts'
import { lineAndColumn, type Span, scan } from './sql-text/scan.ts'

/** Part of a file, with where it begins in it, so that positions in it can be told as line and column of the file. */
export interface Section {
  text: string
  /** UTF-16 offset of the section within the file. */
  offset: number
}

export interface Directives {
  /** Statements run one by one, outside a transaction, each recorded as it is done. */
  noTransaction: boolean
  /** Why there is no way back; `down` refuses with it. */
  irreversible?: string
  /** As PostgreSQL writes it: `500ms`. */
  lockTimeout?: string
  /** Statements that say `:batch` are repeated until they change no row; implies `noTransaction`. */
  batch?: Batch
}

export interface MigrationSource {
  text: string
  directives: Directives
  up: Section
  down: Section
}

/** Hex SHA-256 of a file's text without byte order mark and with LF line ends, so that a checkout's settings do not matter. */
export function checksum(text: string): string {
  return createHash('sha256').update(text).digest('hex')
}

export function normalize(bytes: string): string {
  return bytes.replace(/^\uFEFF/, '').replace(/\r\n?/g, '\n')
}

const marker = /^--[ \t]*(up|down)[ \t]+migration[ \t]*$/i
const directiveLine = /^--!(.*)$/
const directiveNames = ['no-transaction', 'irreversible', 'lock_timeout', 'batch']

/**
 * Cuts a migration file into its sections. Markers and directives count only as comments of their own line: inside a
 * string, a quoted identifier, a function body or a block comment they are text.
 *
 * @param text the file, normalized
 * @param file its path, for messages
 * @throws AthenaError `malformed_migration`, `unknown_directive`
 */
export function readMigration(text: string, file: string): MigrationSource {
  const comments = scan(text).filter((span) => span.kind === 'comment' && isOwnLine(text, span))
  const markers: { kind: string; span: Span }[] = []
  const directives: Directives = { noTransaction: false }
  for (const span of comments) {
    const line = text.slice(span.start, span.end).trimEnd()
    const found = marker.exec(line)?.[1]
    if (found !== undefined) markers.push({ kind: found.toLowerCase(), span })
    const directive = directiveLine.exec(line)?.[1]
    if (directive === undefined) continue
    if (markers.length > 0) throw malformed(text, file, span.start, 'a directive stands above "-- Up Migration"')
    readDirective(directive.trim(), directives, text, file, span.start)
  }
  const [first, second, third] = markers
  if (first === undefined) throw malformed(text, file, 0, 'there is no line "-- Up Migration"')
  if (first.kind === 'down')
    throw malformed(text, file, first.span.start, '"-- Down Migration" stands before "-- Up Migration"')
  if (second === undefined) {
    throw malformed(
      text,
      file,
      first.span.start,
      'there is no line "-- Down Migration"',
      'Add it; where there is no way back, leave it empty and put `--! irreversible: reason` at the top.',
    )
  }
  if (second.kind === 'up') throw malformed(text, file, second.span.start, '"-- Up Migration" stands twice')
  if (third !== undefined)
    throw malformed(text, file, third.span.start, `"-- ${third.kind === 'up' ? 'Up' : 'Down'} Migration" stands twice`)
  const stray = scan(text.slice(0, first.span.start)).find(
    (span) => span.kind !== 'comment' && text.slice(span.start, span.end).trim() !== '',
  )
  if (stray !== undefined) {
    const at = stray.start + (text.slice(stray.start, stray.end).match(/^\s*/)?.[0].length ?? 0)
    throw malformed(text, file, at, 'SQL stands above "-- Up Migration", where nothing would run it')
  }
  return {
    text,
    directives,
    up: section(text, first.span.end, second.span.start),
    down: section(text, second.span.end, text.length),
  }
}

function section(text: string, start: number, end: number): Section {
  return { text: text.slice(start, end), offset: start }
}

function isOwnLine(text: string, span: Span): boolean {
  const lineStart = text.lastIndexOf('\n', span.start - 1) + 1
  return text.startsWith('--', span.start) && text.slice(lineStart, span.start).trim() === ''
}

function readDirective(directive: string, into: Directives, text: string, file: string, at: number): void {
  const [name = '', value = ''] = directive.split(/:(.*)/s).map((part) => part.trim())
  const { line, column } = lineAndColumn(text, at)
  const refuse = (detail: string) =>
    new AthenaError({
      code: 'unknown_directive',
      message: `unknown directive in ${file}:${line}:${column}`,
      detail,
      hint: `Directives are: --! no-transaction, --! irreversible: reason, --! lock_timeout: 500ms, --! batch: 5000. Nothing was applied.`,
    })
  if (!directiveNames.includes(name)) throw refuse(`"--! ${directive}" is not a directive.`)
  if (name === 'no-transaction') {
    if (value !== '') throw refuse(`"no-transaction" takes no value, found "${value}".`)
    into.noTransaction = true
  } else if (name === 'irreversible') {
    if (value === '') throw refuse('"irreversible" needs a reason.')
    into.irreversible = value
  } else if (name === 'batch') {
    const batch = readBatch(value)
    if (typeof batch === 'string') throw refuse(batch)
    into.batch = batch
    // Each batch commits, so there is no transaction around them.
    into.noTransaction = true
  } else {
    if (!/^(0|\d+\s*(us|ms|s|min|h))$/.test(value))
      throw refuse(`"lock_timeout" needs a time with its unit, found "${value}".`)
    into.lockTimeout = value
  }
}

function malformed(text: string, file: string, at: number, what: string, hint?: string): AthenaError {
  const { line, column } = lineAndColumn(text, at)
  return new AthenaError({
    code: 'malformed_migration',
    message: `migration file ${file} is malformed`,
    detail: `${file}:${line}:${column}: ${what}.`,
    hint:
      hint ??
      'A migration has the lines "-- Up Migration" and "-- Down Migration", in this order, each once. Nothing was applied.',
  })
}
