import { AthenaError } from '@athena-pg/database'

/** How long a run stands in a queue for a lock, and how often it comes back. */
export interface Patience {
  /** As PostgreSQL writes it, `500ms`: for files whose directives say nothing. `0` waits for ever. */
  lockTimeout: string
  /** How often a statement, or the transaction that it is in, is tried again after it found a lock taken. */
  retries: number
}

/** What queues behind a waiting DDL statement waits as well, so one try is short; thirty take about two minutes. */
export const defaultPatience: Patience = { lockTimeout: '500ms', retries: 29 }

const time = /^(\d{1,9})\s*(us|ms|s|min|h)$/
const milliseconds: Readonly<Record<string, number>> = { us: 0.001, ms: 1, s: 1000, min: 60_000, h: 3_600_000 }

/** A time as PostgreSQL writes it, `0` too; undefined where it is none. */
export function millisecondsOf(text: string): number | undefined {
  if (text === '0') return 0
  const [, count, unit = ''] = time.exec(text) ?? []
  return count === undefined ? undefined : Number(count) * (milliseconds[unit] ?? Number.NaN)
}

/**
 * Of the flags --lock-timeout and --lock-retries.
 * @throws AthenaError `malformed_flag`
 */
export function readPatience(lockTimeout: string | undefined, retries: string | undefined): Patience {
  if (lockTimeout !== undefined && millisecondsOf(lockTimeout) === undefined) {
    throw new AthenaError({
      code: 'malformed_flag',
      message: `--lock-timeout ${lockTimeout} is not a time with its unit`,
      hint: 'For example --lock-timeout 500ms, or 2s; 0 waits for ever',
      exit: 2,
    })
  }
  if (retries !== undefined && !/^\d{1,6}$/.test(retries)) {
    throw new AthenaError({
      code: 'malformed_flag',
      message: `--lock-retries ${retries} is not a number of tries`,
      hint: 'For example --lock-retries 10; 0 gives up at once',
      exit: 2,
    })
  }
  return {
    lockTimeout: lockTimeout ?? defaultPatience.lockTimeout,
    retries: retries === undefined ? defaultPatience.retries : Number(retries),
  }
}
