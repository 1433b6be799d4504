/** A stretch of SQL text: `code` is what is neither quoted nor a comment. Offsets are UTF-16 positions. */
export interface Span {
  kind: 'code' | 'comment' | 'quoted'
  start: number
  end: number
}

// One alternative per form, longest opening first; each runs to its end or, unterminated, to the end of the text.
// Escape strings know the backslash, also where they go on in the next line; dollar quotes need the same tag at both ends.
const opening =
  /--[^\n]*|\/\*|(?<![A-Za-z0-9_$\u0080-\uffff])[eE]'[^'\\]*(?:(?:\\[\s\S]|''|'[^\S\n]*\n\s*')[^'\\]*)*(?:'|$)|'[^']*(?:''[^']*)*(?:'|$)|"[^"]*(?:""[^"]*)*(?:"|$)|(?<![A-Za-z0-9_$\u0080-\uffff])\$([A-Za-z_\u0080-\uffff][A-Za-z0-9_\u0080-\uffff]*)?\$/g

/**
 * Splits SQL text into code, comments and quoted parts as PostgreSQL's own lexer sees them (strings, escape strings,
 * quoted identifiers, dollar quotes, nested block comments), so that markers and variables are looked for in the right
 * places only. Cheap and total: it never fails, whatever the text; PostgreSQL's grammar judges it later.
 */
export function scan(text: string): Span[] {
  const spans: Span[] = []
  let codeStart = 0
  opening.lastIndex = 0
  for (let match = opening.exec(text); match !== null; match = opening.exec(text)) {
    const start = match.index
    const first = match[0]
    let end = start + first.length
    if (first === '/*') end = endOfBlockComment(text, start)
    else if (first.startsWith('$')) {
      const close = text.indexOf(first, end)
      end = close < 0 ? text.length : close + first.length
    }
    if (start > codeStart) spans.push({ kind: 'code', start: codeStart, end: start })
    const isComment = first.startsWith('--') || first === '/*'
    spans.push({ kind: isComment ? 'comment' : 'quoted', start, end })
    codeStart = end
    opening.lastIndex = end
  }
  if (codeStart < text.length) spans.push({ kind: 'code', start: codeStart, end: text.length })
  return spans
}

function endOfBlockComment(text: string, start: number): number {
  const edge = /\/\*|\*\//g
  edge.lastIndex = start
  let depth = 0
  for (let match = edge.exec(text); match !== null; match = edge.exec(text)) {
    depth += match[0] === '/*' ? 1 : -1
    if (depth === 0) return match.index + 2
  }
  return text.length
}

/** Line and column (both from 1) of a UTF-16 position. */
export function lineAndColumn(text: string, position: number): { line: number; column: number } {
  const before = text.slice(0, position)
  const lineStart = before.lastIndexOf('\n') + 1
  return { line: before.split('\n').length, column: position - lineStart + 1 }
}

/** UTF-16 position behind so many characters: PostgreSQL counts characters, JavaScript units of 16 bits. */
export function afterCharacters(text: string, characters: number): number {
  let position = 0
  for (let seen = 0; seen < characters && position < text.length; seen += 1) {
    position += (text.codePointAt(position) ?? 0) > 0xffff ? 2 : 1
  }
  return position
}
