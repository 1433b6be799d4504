/** The parts of an error as PostgreSQL itself reports them, so that a database error prints unchanged. */
export interface ErrorParts {
  /** snake_case noun phrase naming the fault, or the SQLSTATE of a database error. Public: scripts match on it. */
  code: string
  /** One sentence: what could not be done. */
  message: string
  /** What was found, with the values. */
  detail?: string | undefined
  /** What the reader can do next, as a command or statement to type where there is one. */
  hint?: string | undefined
  /** Exit status of the command line: 1 failed or found something, 2 called wrongly. */
  exit?: 1 | 2
  cause?: unknown
}

/** Every failure that a user is expected to meet. Anything else that is thrown is a bug of ours. */
export class AthenaError extends Error {
  readonly code: string
  readonly detail: string | undefined
  readonly hint: string | undefined
  readonly exit: 1 | 2

  constructor(parts: ErrorParts) {
    super(parts.message, { cause: parts.cause })
    this.name = 'AthenaError'
    this.code = parts.code
    this.detail = parts.detail
    this.hint = parts.hint
    this.exit = parts.exit ?? 1
  }

  toJSON(): { code: string; message: string; detail?: string | undefined; hint?: string | undefined } {
    return { code: this.code, message: this.message, detail: this.detail, hint: this.hint }
  }
}
