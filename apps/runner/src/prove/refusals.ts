import type { Ran } from './run-program.ts'
import { serverMessages } from './server-messages.ts'

/** Why PostgreSQL, or its defaults beside a value, do not take a setting. */
export interface Refusal {
  readonly setting?: string
  /** Of the file; undefined: of an included one, or about several. */
  readonly line?: number
  /** The server's own words, where it had any. */
  readonly message: string
  readonly detail?: string
  readonly hint?: string
}

export interface ConfText {
  /** As the server knows the file. */
  readonly path: string
  readonly content: string
  /** What stands for `path` in messages. */
  readonly name: string
}

/** A setting as a line of a file has it. */
export interface ConfLine {
  readonly name: string
  readonly value: string
  readonly line: number
}

const assignment = /^\s*([A-Za-z_][\w$]*(?:\.[\w$]+)*)(?:\s*=\s*|\s+)('(?:[^'\\]|''|\\.)*'|[^\s#]*)/

/** Names, values without quotes, and lines; the server itself reads them, this only finds where they are. */
export function confLines(content: string): ConfLine[] {
  return content.split(/\r?\n/).flatMap((text, at) => {
    const [, name, value] = assignment.exec(text) ?? []
    if (name === undefined || value === undefined) return []
    return [{ name: name.toLowerCase(), value: value.replace(/^'|'$/g, '').replaceAll("''", "'"), line: at + 1 }]
  })
}

/** What a run that failed has to say against the file. */
export function refusalsOf({ stderr, failure, status }: Ran, conf: ConfText): Refusal[] {
  const messages = serverMessages(stderr)
  // The faults of a file are told first, each as LOG; then that there are some, as FATAL.
  const faults = messages.filter(
    ({ level, message }) => level === 'LOG' && /parameter|in file "|file ".*line/.test(message),
  )
  const isInFile = messages.some(({ message }) => /configuration file ".*" contains errors/.test(message))
  const fatal = messages.filter(({ level, message }) => /FATAL|PANIC/.test(level) && !/contains errors$/.test(message))
  const found = isInFile ? faults : fatal
  if (found.length > 0) return found.map((message) => located(message, conf))
  return [{ message: failure ?? (stderr.trim() || `the server ended with status ${status}`) }]
}

/** Names the setting and the line that a message is about. */
export function located({ message, detail, hint }: Omit<Refusal, 'setting' | 'line'>, conf: ConfText): Refusal {
  const lines = confLines(conf.content)
  const [, file, told] = /file "([^"]*)" line (\d+)/.exec(message) ?? []
  const at = lines.find(({ line }) => file === conf.path && line === Number(told))
  const about = at ?? (file === undefined ? namedIn(message, lines) : undefined)
  const setting = about?.name ?? /parameter (?:name )?"([^"]+)"/.exec(message)?.[1]
  const line = file === conf.path ? Number(told) : about?.line
  return {
    ...(setting !== undefined && { setting }),
    ...(line !== undefined && { line }),
    message: message.replaceAll(conf.path, conf.name),
    ...(detail !== undefined && { detail }),
    ...(hint !== undefined && { hint }),
  }
}

// Lines below win over those above, so the last one of a name is meant.
function namedIn(message: string, lines: readonly ConfLine[]): ConfLine | undefined {
  const [, parameter] = /parameter (?:name )?"([^"]+)"/.exec(message) ?? []
  if (parameter !== undefined) return lines.findLast(({ name }) => name === parameter.toLowerCase())
  const words = message.toLowerCase().match(/[a-z_][\w.]*/g) ?? []
  const named = words.map((word) => lines.findLast(({ name }) => name === word)).find((line) => line !== undefined)
  if (named !== undefined) return named
  const [, quoted] = /"([^"]+)"/.exec(message) ?? []
  return lines.findLast(({ value }) => quoted !== undefined && value.split(/\s*,\s*/).includes(quoted))
}
