/** What our own YAML in the docs is made of: maps, lists, `[a, b]`, plain and quoted words, blocks of text, comments. */
export type Yaml = string | Yaml[] | { [key: string]: Yaml }

interface Line {
  indent: number
  text: string
  number: number
}

/**
 * Reads the part of YAML that the docs keep to. What is outside of it is refused rather than guessed at: anchors, tabs, folded
 * text, maps in one line, and plain words that YAML would read in another way than they look.
 * @throws Error with the line
 */
export function parseYaml(source: string): Yaml {
  const lines = source
    .split('\n')
    .map((text, index) => ({ indent: text.search(/\S|$/), text: text.trimEnd(), number: index + 1 }))
  let at = 0
  const value = block(0)
  if (peek() !== undefined) throw fault(peek() as Line, 'is indented less than the first line')
  return value

  function peek(): Line | undefined {
    while (at < lines.length && /^\s*(#.*)?$/.test(lines[at]?.text ?? '')) at += 1
    return lines[at]
  }

  function block(least: number): Yaml {
    const first = peek()
    if (first === undefined || first.indent < least)
      throw new Error(`line ${first?.number ?? 'last'}: a value is missing`)
    if (first.text.includes('\t')) throw fault(first, 'has a tab')
    return isItem(first) ? list(first.indent) : map(first.indent)
  }

  function list(indent: number): Yaml[] {
    const items: Yaml[] = []
    for (let line = peek(); line?.indent === indent && isItem(line); line = peek()) {
      const rest = line.text.slice(indent + 2)
      if (isEntry(rest)) {
        // `- key: value`: a map that begins behind the dash.
        lines[at] = { ...line, indent: indent + 2, text: ' '.repeat(indent + 2) + rest }
        items.push(map(indent + 2))
      } else items.push(inline(line, rest, indent))
    }
    end(indent)
    return items
  }

  function map(indent: number): Record<string, Yaml> {
    const found: Record<string, Yaml> = {}
    for (let line = peek(); line?.indent === indent && !isItem(line); line = peek()) {
      const [, key, rest = ''] = /^([\w.$/-][\w.$/:-]*?):(?: (.*))?$/.exec(line.text.trim()) ?? []
      if (key === undefined) throw fault(line, 'is no `key: value`')
      if (key in found) throw fault(line, `names ${key} twice`)
      found[key] = inline(line, rest, indent)
    }
    end(indent)
    return found
  }

  /** What stands in the line of a key or dash, or below it; moves on. */
  function inline(line: Line, rest: string, indent: number): Yaml {
    at += 1
    if (rest === '') {
      const next = peek()
      return next !== undefined && next.indent > indent ? block(indent + 1) : ''
    }
    if (rest === '|') return textBlock(line, indent)
    if (rest.startsWith('[')) {
      if (!/^\[[^[\]{}"']*\]$/.test(rest)) throw fault(line, 'is no [a, b]')
      return rest
        .slice(1, -1)
        .split(',')
        .map((each) => each.trim())
    }
    const [, quote, inside] = /^(["'])(.*)\1$/.exec(rest) ?? []
    if (quote !== undefined) {
      if (inside?.includes(quote) || inside?.includes('\\')) throw fault(line, 'has a quote within quotes')
      return inside ?? ''
    }
    if (/^["'>&*!%@`{}|?,]|^- |: | #|:$/.test(rest)) throw fault(line, 'has a plain word that YAML reads otherwise')
    return rest
  }

  function textBlock(line: Line, indent: number): string {
    const found: Line[] = []
    while (at < lines.length && ((lines[at] as Line).indent > indent || (lines[at] as Line).text === ''))
      found.push(lines[at++] as Line)
    const written = found.filter(({ text }) => text !== '')
    if (written.length === 0) throw fault(line, 'has no text below it')
    const margin = (written[0] as Line).indent
    for (const each of written)
      if (each.indent < margin) throw fault(each, 'is indented less than the text it belongs to')
    return `${found
      .map(({ text }) => text.slice(margin))
      .join('\n')
      .trimEnd()}\n`
  }

  function end(indent: number): void {
    const next = peek()
    if (next !== undefined && next.indent > indent) throw fault(next, 'is indented more than what it belongs to')
    if (next !== undefined && next.indent === indent && indent === 0) throw fault(next, 'mixes a list and a map')
  }
}

function isItem({ text }: Line): boolean {
  return /^\s*-( |$)/.test(text)
}

function isEntry(text: string): boolean {
  return /^[\w.-]+:( |$)/.test(text)
}

function fault({ number, text }: Line, problem: string): Error {
  return new Error(`line ${number} ${problem}: ${text.trim()}`)
}
