/** One message of a server's log on stderr. */
export interface ServerMessage {
  readonly level: string
  readonly message: string
  readonly detail?: string
  readonly hint?: string
}

const levels = 'LOG|NOTICE|WARNING|ERROR|FATAL|PANIC'
// What the server says before it has a log begins with its own name instead of a level.
const first = new RegExp(`^(?:(${levels}):  |(?:\\S*/)?postgres(?:\\.exe)?: )(.*)$`)
const further = /^(DETAIL|HINT|CONTEXT|STATEMENT|LOCATION|QUERY): {2}(.*)$/

/** Takes a log apart that was written with an empty log_line_prefix. */
export function serverMessages(stderr: string): ServerMessage[] {
  const found: Record<string, string>[] = []
  let part = 'message'
  for (const line of stderr.split(/\r?\n/)) {
    const [, level = 'FATAL', message] = first.exec(line) ?? []
    const [, name, text] = further.exec(line) ?? []
    const last = found.at(-1)
    if (message !== undefined) {
      found.push({ level, message })
      part = 'message'
    } else if (name !== undefined && text !== undefined && last !== undefined) {
      part = name.toLowerCase()
      last[part] = text
    } else if (line.startsWith('\t') && last !== undefined) {
      last[part] += ` ${line.trim()}`
    }
  }
  return found.map(({ level = '', message = '', detail, hint }) => ({
    level,
    message,
    ...(detail !== undefined && { detail }),
    ...(hint !== undefined && { hint }),
  }))
}
