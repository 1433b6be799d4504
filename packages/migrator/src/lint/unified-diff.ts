import type { Edit } from './rule.ts'

/** Lines of context around a change. */
const context = 2

interface Hunk {
  /** Lines of the old text, from 0, the end not included. */
  start: number
  end: number
  edits: Edit[]
}

/** The text with the edits made; they are in order and do not overlap. */
export function applyEdits(text: string, edits: readonly Edit[]): string {
  let result = ''
  let copied = 0
  for (const { start, end, text: replacement } of edits) {
    result += text.slice(copied, start) + replacement
    copied = end
  }
  return result + text.slice(copied)
}

/** What the edits change, as a unified diff with three header lines of nothing but what `patch` needs. */
export function unifiedDiff(path: string, text: string, edits: readonly Edit[]): string {
  const starts = lineStarts(text)
  const hunks: Hunk[] = []
  for (const edit of edits) {
    const start = lineOf(starts, edit.start)
    const end = lineOf(starts, edit.end) + 1
    const last = hunks.at(-1)
    if (last !== undefined && start - last.end <= 2 * context) {
      last.end = Math.max(last.end, end)
      last.edits.push(edit)
    } else hunks.push({ start, end, edits: [edit] })
  }
  let shift = 0
  const body = hunks.map((hunk) => {
    const { lines, added } = linesOf(hunk, text, starts, shift)
    shift += added
    return lines.join('\n')
  })
  return [`--- ${path}`, `+++ ${path}`, ...body].join('\n')
}

function linesOf(
  { start, end, edits }: Hunk,
  text: string,
  starts: readonly number[],
  shift: number,
): { lines: string[]; added: number } {
  const from = Math.max(0, start - context)
  const to = Math.min(starts.length, end + context)
  const at = starts[from] ?? 0
  const until = starts[to] ?? text.length
  const old = splitLines(text.slice(at, until))
  const moved = edits.map((edit) => ({ ...edit, start: edit.start - at, end: edit.end - at }))
  const changed = splitLines(applyEdits(text.slice(at, until), moved))
  let same = 0
  while (same < Math.min(old.length, changed.length) && old[same] === changed[same]) same += 1
  let tail = 0
  while (tail < Math.min(old.length, changed.length) - same && old.at(-1 - tail) === changed.at(-1 - tail)) tail += 1
  const head = `@@ -${from + 1},${old.length} +${from + 1 + shift},${changed.length} @@`
  const lines = [
    head,
    ...old.slice(0, same).map((line) => ` ${line}`),
    ...old.slice(same, old.length - tail).map((line) => `-${line}`),
    ...changed.slice(same, changed.length - tail).map((line) => `+${line}`),
    ...old.slice(old.length - tail).map((line) => ` ${line}`),
  ]
  return { lines, added: changed.length - old.length }
}

/** A line end ends a line and begins none. */
function splitLines(text: string): string[] {
  const lines = text.split('\n')
  if (lines.at(-1) === '') lines.pop()
  return lines
}

function lineStarts(text: string): number[] {
  const starts = [0]
  for (let at = text.indexOf('\n'); at >= 0 && at + 1 < text.length; at = text.indexOf('\n', at + 1))
    starts.push(at + 1)
  return starts
}

function lineOf(starts: readonly number[], offset: number): number {
  return starts.findLastIndex((start) => start <= offset)
}
