/** Reads a postgresql.conf as guc-file.l of PostgreSQL does. @throws Error with the line that PostgreSQL would refuse */
export function parseConf(text: string): Map<string, string> {
  const found = new Map<string, string>()
  for (const line of text.split('\n')) {
    const [, name, raw] =
      /^\s*(?:([a-zA-Z_][\w$]*(?:\.[a-zA-Z_][\w$]*)*)\s*(?:=|\s)\s*('(?:[^'\\]|\\.|'')*'|[^\s#']+))?\s*(?:#.*)?$/.exec(
        line,
      ) ?? fail(line)
    if (name === undefined || raw === undefined) continue
    found.set(name, raw.startsWith("'") ? unquoted(raw.slice(1, -1)) : isBare(raw) ? raw : fail(line))
  }
  return found
}

/** INTEGER (with a unit), REAL and UNQUOTED_STRING of the lexer. */
function isBare(raw: string): boolean {
  return /^(?:[-+]?\d+[a-zA-Z]*|[-+]?\d*\.\d+(?:[Ee][-+]?\d+)?|[a-zA-Z_\u0080-\uffff][\w\u0080-\uffff./:-]*)$/.test(raw)
}

const escapes: Readonly<Record<string, string>> = { b: '\b', f: '\f', n: '\n', r: '\r', t: '\t' }

function unquoted(text: string): string {
  return text.replaceAll(/\\(.)|''/g, (_, escaped: string | undefined) =>
    escaped === undefined ? "'" : (escapes[escaped] ?? escaped),
  )
}

function fail(line: string): never {
  throw new Error(`PostgreSQL refuses: ${line}`)
}
