import type { Finding } from './finding.ts'

/** Columns of running text. */
const width = 100

/** A finding as lines for a terminal. */
export function showFinding(finding: Finding, colour: boolean): string[] {
  const { rule, level, file, line, column, endColumn, text, reason, detail, help, diff } = finding
  const paint = (code: string, words: string) => (colour ? `\u001b[${code}m${words}\u001b[0m` : words)
  const strong = level === 'error' ? '1;31' : '1;33'
  const number = String(line)
  const margin = ' '.repeat(number.length)
  const { shown, before, meant } = excerpt(text, column - 1, endColumn - 1)
  const caret = ' '.repeat(cells(before)) + '^'.repeat(Math.max(1, cells(meant)))
  return [
    `${paint(strong, `${level}[${rule}]`)} ${plain(file)}:${line}:${column}`,
    `  ${margin} ${paint('2', '|')}`,
    `  ${paint('2', `${number} |`)} ${shown}`,
    `  ${margin} ${paint('2', '|')} ${paint(strong, caret)}`,
    ...wrapped(`reason: ${reason}`),
    ...(detail === undefined ? [] : wrapped(`detail: ${detail}`)),
    ...wrapped(`help: ${help}`),
    ...(diff === undefined ? [] : ['  fix:', ...diff.split('\n').map((each) => `    ${inColour(plain(each), paint)}`)]),
  ]
}

/** Control characters, which a terminal would obey, are blanks. */
function plain(text: string): string {
  return text.replaceAll(/\p{Cc}/gu, ' ')
}

/** `3 errors and 1 warning in 2 of 14 files` */
export function summaryOf(findings: readonly Finding[], files: number): string {
  const count = (level: Finding['level']) => findings.filter((finding) => finding.level === level).length
  const of = (number: number, word: string) => `${number} ${word}${number === 1 ? '' : 's'}`
  const inFiles = new Set(findings.map(({ file }) => file)).size
  if (findings.length === 0) return `${of(files, 'file')} linted: no findings`
  return `${of(count('error'), 'error')} and ${of(count('warning'), 'warning')} in ${inFiles} of ${of(files, 'file')}`
}

/** What a line shows, cut to the width where it is longer. */
function excerpt(text: string, start: number, end: number): { shown: string; before: string; meant: string } {
  const line = plain(text)
  const from = line.length <= width ? 0 : Math.max(0, Math.min(start - 20, line.length - width))
  const to = Math.min(line.length, from + width)
  const lead = from > 0 ? '…' : ''
  return {
    shown: `${lead}${line.slice(from, to)}${to < line.length ? '…' : ''}`,
    before: lead + line.slice(from, start),
    meant: line.slice(start, Math.min(end, to)),
  }
}

/** Cells of a terminal that a text takes: 2 for what East Asian scripts and emoji need. */
function cells(text: string): number {
  let sum = 0
  for (const character of text)
    sum += /[\u1100-\u115f\u2e80-\ua4cf\uac00-\ud7a3\uf900-\ufaff\ufe30-\ufe6f\uff00-\uff60\u{1f300}-\u{1faff}]/u.test(
      character,
    )
      ? 2
      : 1
  return sum
}

function inColour(line: string, paint: (code: string, words: string) => string): string {
  if (line.startsWith('+')) return paint('32', line)
  if (line.startsWith('-')) return paint('31', line)
  return line.startsWith('@@') ? paint('36', line) : line
}

/** Indented by two, and by four from the second line on. */
function wrapped(text: string): string[] {
  const lines = ['  ']
  for (const word of plain(text).split(/\s+/)) {
    const line = lines.at(-1) ?? ''
    if (line.trim() === '') lines[lines.length - 1] = line + word
    else if (line.length + 1 + word.length <= width) lines[lines.length - 1] = `${line} ${word}`
    else lines.push(`    ${word}`)
  }
  return lines
}
