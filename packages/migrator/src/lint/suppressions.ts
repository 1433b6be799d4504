import { nearest } from '../nearest.ts'
import { scan } from '../sql-text/scan.ts'
import type { Finding } from './finding.ts'
import { findingAt } from './finding.ts'
import { suppressionFaults } from './suppression-faults.ts'

/** A comment `-- athena-ignore rule: reason`. */
export interface Suppression {
  rule: string
  reason: string
  /** UTF-16 offsets in the file. */
  start: number
  end: number
  /** Where the statement below begins in the file, `file` for the head of a file, undefined above nothing. */
  covers: number | 'file' | undefined
  isUsed: boolean
}

/** UTF-16 offsets in the file of a section and of its statements. */
export interface Stretch {
  start: number
  end: number
  statements: readonly { start: number; end: number }[]
}

const comment = /^--[ \t]*athena-ignore\b[ \t]*([\w-]*)[ \t]*(?::[ \t]*(.*?))?[ \t]*$/

/**
 * Finds the comments in a file. One covers the statement that it stands above; in the head of a file, above "-- Up Migration" or
 * above the first statement of a function's file, all of the file.
 * @param headEnd UTF-16 offset behind the head
 */
export function readSuppressions(text: string, headEnd: number, stretchesOf: () => readonly Stretch[]): Suppression[] {
  if (!text.includes('athena-ignore')) return []
  const stretches = stretchesOf()
  return scan(text).flatMap(({ kind, start, end }): Suppression[] => {
    const found = kind === 'comment' ? comment.exec(text.slice(start, end)) : null
    if (found === null) return []
    const [, rule = '', reason = ''] = found
    return [{ rule, reason, start, end, covers: coverOf(text, start, headEnd, stretches), isUsed: false }]
  })
}

function coverOf(text: string, at: number, headEnd: number, stretches: readonly Stretch[]): Suppression['covers'] {
  const lineStart = text.lastIndexOf('\n', at - 1) + 1
  if (text.slice(lineStart, at).trim() !== '') return undefined
  if (at < headEnd) return 'file'
  const stretch = stretches.find(({ start, end }) => start <= at && at < end)
  const below = stretch?.statements.find(({ end }) => end > at)
  return below === undefined || below.start < at ? undefined : below.start
}

/** Takes out what is suppressed with a reason, and marks what suppressed it. */
export function unsuppressed(
  findings: readonly { rule: string; statement: number; finding: Finding }[],
  suppressions: readonly Suppression[],
): Finding[] {
  const kept = findings.filter(({ rule, statement }) => {
    const covering = suppressions.filter(
      (each) => each.rule === rule && each.reason !== '' && (each.covers === 'file' || each.covers === statement),
    )
    for (const each of covering) each.isUsed = true
    return covering.length === 0
  })
  return kept.map(({ finding }) => finding)
}

/**
 * What is wrong with the comments themselves.
 * @param isWhole every section was linted, so that what suppressed nothing is of no use
 */
export function faultsOfSuppressions(
  file: { path: string; text: string },
  suppressions: readonly Suppression[],
  known: readonly string[],
  isWhole: boolean,
): Finding[] {
  return suppressions.flatMap(({ rule, reason, start, end, covers, isUsed }): Finding[] => {
    const { unknown, unexplained, unused } = suppressionFaults
    if (!known.includes(rule)) {
      const near = nearest(rule, known)
      const detail = rule === '' ? 'It names no rule.' : `There is no rule "${rule}".`
      const hint = near === undefined ? '' : ` Did you mean ${near}?`
      return [findingAt(file, start, end, { ...unknown, detail: detail + hint })]
    }
    if (reason === '') return [findingAt(file, start, end, { ...unexplained, detail: `Why is ${rule} right here?` })]
    if (isUsed || !isWhole) return []
    const detail = covers === undefined ? 'It stands above no statement.' : `Nothing here is ${rule}.`
    return [findingAt(file, start, end, { ...unused, detail })]
  })
}
