import type { ErrorParts } from './errors.ts'

/** An error that the server reported. */
export interface ServerError extends Error {
  /** SQLSTATE. */
  code: string
  severity: string
  detail?: string
  hint?: string
}

/** By shape, not by class: the embedded database brings its own copy of pg's classes. */
export function isServerError(error: unknown): error is ServerError {
  return error instanceof Error && 'severity' in error && 'code' in error && /^[0-9A-Z]{5}$/.test(String(error.code))
}

export function serverErrorParts({ code, message, detail, hint }: ServerError): ErrorParts {
  return { code, message, detail, hint: hint ?? (code === '25006' ? readOnlyHint : undefined) }
}

const readOnlyHint =
  'Connect to the primary. Where this is it: default_transaction_read_only is on, set by ALTER DATABASE or ALTER ROLE; PGOPTIONS="-c default_transaction_read_only=off" overrides it for one command.'
