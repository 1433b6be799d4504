import { lineAndColumn } from '../sql-text/scan.ts'
import type { Edit, Level } from './rule.ts'
import { unifiedDiff } from './unified-diff.ts'

/** One fault in one file, ready to be shown. */
export interface Finding {
  rule: string
  level: Level
  /** Path as messages show it. */
  file: string
  /** From 1. */
  line: number
  /** From 1, in UTF-16 units. */
  column: number
  /** The first column behind what is meant, on the same line. */
  endColumn: number
  /** The line of the file. */
  text: string
  reason: string
  /** What the reason does not say: which table, which number. */
  detail?: string | undefined
  help: string
  /** Page of the documentation. */
  source?: string | undefined
  /** Edits of the file's text that mend it, in UTF-16 offsets of the file, in order. */
  fix?: readonly Edit[] | undefined
  /** The same as a unified diff. */
  diff?: string | undefined
}

/** What a finding says apart from its place. */
export type Said = Pick<Finding, 'rule' | 'level' | 'reason' | 'detail' | 'help' | 'source' | 'fix'>

/** @param end offset behind what is meant; cut at the end of the line */
export function findingAt(file: { path: string; text: string }, start: number, end: number, said: Said): Finding {
  const { line, column } = lineAndColumn(file.text, start)
  const lineStart = start - column + 1
  const lineEnd = file.text.indexOf('\n', start)
  const text = file.text.slice(lineStart, lineEnd < 0 ? undefined : lineEnd)
  const endColumn = Math.max(column + 1, Math.min(end - lineStart, text.trimEnd().length) + 1)
  const diff = said.fix === undefined ? undefined : unifiedDiff(file.path, file.text, said.fix)
  return { ...said, diff, file: file.path, line, column, endColumn, text }
}
