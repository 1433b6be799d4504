import type { Edit } from './rule.ts'

/** Lines of context around a change. */
const context = 2

/** Lines of the old text, from 0, the end not included, and what is in their place. */
interface Change {
  start: number
  end: number
  lines: string[]
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

/** What the edits change, as `patch` reads it. */
export function unifiedDiff(path: string, text: string, edits: readonly Edit[]): string {
  const old = splitLines(text)
  const hunks: Change[][] = []
  for (const change of changesOf(text, edits)) {
    const hunk = hunks.at(-1)
    if (hunk !== undefined && change.start - (hunk.at(-1)?.end ?? 0) <= 2 * context) hunk.push(change)
    else hunks.push([change])
  }
  let shift = 0
  const body = hunks.flatMap((hunk) => {
    const { lines, added } = linesOf(hunk, old, shift, !text.endsWith('\n'))
    shift += added
    return lines
  })
  return [`--- ${path}`, `+++ ${path}`, ...body].join('\n')
}

const openEnd = '\\ No newline at end of file'

/** Whole lines that change; lines that stay as they are at either end of an edit are left out. */
function changesOf(text: string, edits: readonly Edit[]): Change[] {
  const starts = lineStarts(text)
  const groups: { start: number; end: number; edits: Edit[] }[] = []
  for (const edit of edits) {
    const start = lineOf(starts, edit.start)
    const end = lineOf(starts, edit.end) + 1
    const last = groups.at(-1)
    if (last !== undefined && start < last.end) {
      last.end = Math.max(last.end, end)
      last.edits.push(edit)
    } else groups.push({ start, end, edits: [edit] })
  }
  return groups.map(({ start, end, edits: inside }) => {
    const from = starts[start] ?? 0
    const stretch = text.slice(from, starts[end] ?? text.length)
    const moved = inside.map((edit) => ({ ...edit, start: edit.start - from, end: edit.end - from }))
    return trimmed({ start, end, lines: splitLines(applyEdits(stretch, moved)) }, splitLines(stretch))
  })
}

function trimmed({ start, end, lines }: Change, old: readonly string[]): Change {
  let head = 0
  while (head < Math.min(old.length, lines.length) && old[head] === lines[head]) head += 1
  let tail = 0
  while (tail < Math.min(old.length, lines.length) - head && old.at(-1 - tail) === lines.at(-1 - tail)) tail += 1
  return { start: start + head, end: end - tail, lines: lines.slice(head, lines.length - tail) }
}

function linesOf(
  hunk: readonly Change[],
  old: readonly string[],
  shift: number,
  isOpen: boolean,
): { lines: string[]; added: number } {
  const from = Math.max(0, (hunk[0]?.start ?? 0) - context)
  const to = Math.min(old.length, (hunk.at(-1)?.end ?? 0) + context)
  const body: string[] = []
  let copied = from
  for (const { start, end, lines } of hunk) {
    body.push(...old.slice(copied, start).map((line) => ` ${line}`))
    body.push(...old.slice(start, end).map((line) => `-${line}`), ...lines.map((line) => `+${line}`))
    copied = end
  }
  body.push(...old.slice(copied, to).map((line) => ` ${line}`))
  // An edit leaves the file's end as it is: both texts have a last line end, or neither.
  if (isOpen && to === old.length) {
    const removed = body.findLastIndex((line) => line.startsWith('-'))
    const isLastChanged = hunk.at(-1)?.end === old.length
    if (isLastChanged && removed >= 0) body.splice(removed + 1, 0, openEnd)
    body.push(openEnd)
  }
  const added = hunk.reduce((sum, { start, end, lines }) => sum + lines.length - (end - start), 0)
  const range = (start: number, count: number) => `${count === 0 ? start : start + 1},${count}`
  const head = `@@ -${range(from, to - from)} +${range(from + shift, to - from + added)} @@`
  return { lines: [head, ...body], added }
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
