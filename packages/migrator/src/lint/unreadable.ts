import type { AthenaError } from '@athena-pg/database'
import { type Finding, findingAt } from './finding.ts'

/** A file that cannot be read, rendered or parsed, as a finding: the others are linted all the same. */
export function unreadable(
  file: { path: string; text: string },
  { code, message, detail, hint }: AthenaError,
): Finding {
  const [, line, column, rest] = /:(\d+):(\d+)(?::? (.*))?$/s.exec(`${detail ?? message}`) ?? []
  const start = line === undefined ? 0 : offsetAt(file.text, Number(line), Number(column))
  return findingAt(file, start, start + 1, {
    rule: code,
    level: 'error',
    reason: `${message}.`,
    detail: rest ?? detail,
    help: hint?.replace(/ ?Nothing was applied\./, '') ?? 'Correct the file.',
  })
}

function offsetAt(text: string, line: number, column: number): number {
  const before = text.split('\n').slice(0, line - 1)
  return Math.min(text.length, before.reduce((sum, each) => sum + each.length + 1, 0) + column - 1)
}
