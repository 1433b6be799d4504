/** The parts of an error as PostgreSQL itself reports them. */
export interface PolicyErrorParts {
  /** snake_case noun phrase naming the fault. Public: scripts match on it. */
  code: string
  message: string
  /** What was found, with the values. */
  detail?: string
  /** What to change. */
  hint?: string
}

/** Facts that no server can have, or for which no safe configuration exists. */
export class PolicyError extends Error {
  readonly code: string
  readonly detail: string | undefined
  readonly hint: string | undefined

  constructor(parts: PolicyErrorParts) {
    super(parts.message)
    this.name = 'PolicyError'
    this.code = parts.code
    this.detail = parts.detail
    this.hint = parts.hint
  }
}
