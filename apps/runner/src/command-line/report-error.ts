import { AthenaError, toAthenaError } from '@athena-pg/database'
import type { PolicyError } from '@athena-pg/policy'

/**
 * Prints an error in PostgreSQL's form, to stderr, or with `json` as an object to stdout.
 * @returns the exit status
 */
export function reportError(thrown: unknown, json: boolean): 1 | 2 {
  const error = ofPolicy(thrown) ?? toAthenaError(thrown)
  if (error instanceof AthenaError) {
    if (json) process.stdout.write(`${JSON.stringify({ error })}\n`)
    else process.stderr.write(errorLines(error))
    return error.exit
  }
  const message = error instanceof Error ? error.message : String(error)
  if (json) process.stdout.write(`${JSON.stringify({ error: { code: 'internal_error', message } })}\n`)
  process.stderr.write(`${label('error')}: ${error instanceof Error ? (error.stack ?? message) : message}\n`)
  process.stderr.write(`${label('hint')}: This is a bug in athena-pg. Please report it with the lines above.\n`)
  return 1
}

/** By its name, so that the policy need not be loaded for it. Facts that no server can have are a wrong call. */
function ofPolicy(thrown: unknown): AthenaError | undefined {
  if (!(thrown instanceof Error) || thrown.name !== 'PolicyError') return undefined
  const { code, message, detail, hint } = thrown as PolicyError
  const exit = ['missing_fact', 'impossible_facts', 'not_pooled'].includes(code) ? 2 : 1
  return new AthenaError({ code, message, detail, hint, exit, cause: thrown })
}

export function errorLines({
  code,
  message,
  detail,
  hint,
}: Pick<AthenaError, 'code' | 'message' | 'detail' | 'hint'>): string {
  return [
    `${label('error')}: ${harmless(message)} (${code})\n`,
    ...(detail ? [`${label('detail')}: ${harmless(indented(detail))}\n`] : []),
    ...(hint ? [`${label('hint')}: ${harmless(indented(hint))}\n`] : []),
  ].join('')
}

/** What a file or a server said is quoted in errors: a control character in it would be obeyed by the terminal. */
function harmless(text: string): string {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what is looked for
  return text.replace(/[\u0000-\u0008\u000b-\u001f\u007f-\u009f]/g, (character) => {
    return `\\x${character.charCodeAt(0).toString(16).padStart(2, '0')}`
  })
}

function indented(text: string): string {
  return text.trimEnd().replaceAll('\n', '\n  ')
}

function label(word: 'error' | 'detail' | 'hint'): string {
  if (!process.stderr.isTTY || process.env.NO_COLOR) return word
  return `\u001b[${word === 'error' ? '1;31' : '1'}m${word}\u001b[0m`
}
