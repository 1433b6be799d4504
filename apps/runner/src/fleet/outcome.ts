import { AthenaError, toAthenaError } from '@athena-pg/database'
import type { Applied } from '@athena-pg/migrator'
import type { FleetTarget } from './read-targets.ts'

export type FleetCommand = 'up' | 'down' | 'plan' | 'status'

/** How it went with one database. */
export interface Outcome {
  name: string
  result: 'done' | 'up_to_date' | 'pending' | 'drifted' | 'failed' | 'skipped' | 'interrupted'
  /** What was done, also before a failure. */
  applied: readonly Applied[]
  /** What the command alone would have printed with --json; undefined where it failed. */
  answer?: unknown
  error?: AthenaError
  milliseconds: number
}

export function skipped({ name }: FleetTarget): Outcome {
  return { name, result: 'skipped', applied: [], milliseconds: 0 }
}

/** Whether it did not come to its end. */
export function isStopped({ result }: Outcome): boolean {
  return result === 'failed' || result === 'skipped' || result === 'interrupted'
}

/** A bug of ours stops one database, not the others; its stack goes to stderr. */
export function asAthenaError(thrown: unknown): AthenaError {
  const error = toAthenaError(thrown)
  if (error instanceof AthenaError) return error
  return new AthenaError({
    code: 'internal_error',
    message: error instanceof Error ? error.message : String(error),
    detail: error instanceof Error ? error.stack : undefined,
    hint: 'This is a bug in athena-pg. Please report it with the lines above.',
    cause: thrown,
  })
}

export const interrupted: AthenaError = new AthenaError({
  code: 'interrupted',
  message: 'it was interrupted',
  hint: 'Run the command again: what is recorded is applied, and the rest is done then.',
})
