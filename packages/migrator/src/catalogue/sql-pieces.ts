import { scan } from '../sql-text/scan.ts'

/**
 * The text with everything quoted or commented blanked out, position by position, so that a pattern finds what is code only.
 * Quotes stay, so that a quoted identifier still reads as one word: "my table" becomes "________".
 */
export function masked(text: string): string {
  let result = ''
  for (const { kind, start, end } of scan(text)) {
    const part = text.slice(start, end)
    result += kind === 'code' ? part : kind === 'comment' ? part.replace(/[^\n]/g, ' ') : blanked(part)
  }
  return result
}

function blanked(quoted: string): string {
  if (quoted.length < 2) return quoted
  return `${quoted[0]}${'_'.repeat(quoted.length - 2)}${quoted.at(-1)}`
}

/** Statements of canonical text, each with its semicolon and the comment that follows it on its line. */
export function statementsOf(text: string): string[] {
  return cut(text, ';', 0).map((piece) => piece.replace(/^\n+/, ''))
}

/** What stands between the parentheses that open at `start`, cut at its commas, and the position behind the closing one. */
export function elementsOf(text: string, start: number): { elements: string[]; end: number } {
  const code = masked(text)
  let depth = 0
  let end = start
  for (; end < text.length; end += 1) {
    if (code[end] === '(') depth += 1
    if (code[end] === ')') depth -= 1
    if (depth === 0) break
  }
  const inside = text.slice(start + 1, end)
  const elements = cut(inside, ',', 0).map((piece) => piece.replace(/,$/, '').trim())
  return { elements: elements.filter((element) => element !== ''), end: end + 1 }
}

/** Cuts behind each separator that is code, outside of any bracket; a rest without separator is a piece as well. */
function cut(text: string, separator: string, from: number): string[] {
  const code = masked(text)
  const pieces: string[] = []
  let depth = 0
  let start = from
  for (let index = from; index < text.length; index += 1) {
    const character = code[index] ?? ''
    if ('(['.includes(character)) depth += 1
    if (')]'.includes(character)) depth -= 1
    if (character !== separator || depth > 0) continue
    // The remark behind a statement belongs to it.
    const remark = separator === ';' ? (/^ --[^\n]*/.exec(text.slice(index + 1))?.[0].length ?? 0) : 0
    pieces.push(text.slice(start, index + 1 + remark))
    start = index + 1 + remark
  }
  if (text.slice(start).trim() !== '') pieces.push(text.slice(start))
  return pieces
}
