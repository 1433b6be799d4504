import type { PlanEvents } from './events.ts'

/** A statement that found a lock taken is tried again this often before the run gives up. */
const attempts = 30
/** Milliseconds; doubled from try to try up to `longest`, and jittered so that two runners do not march in step. */
const shortest = 100
const longest = 5000

/** PostgreSQL's "could not obtain lock", which lock_timeout raises. */
export function isLockTimeout(error: unknown): boolean {
  const { code, cause } = error as { code?: string; cause?: { code?: string } }
  return code === '55P03' || cause?.code === '55P03'
}

/** Runs `work` again while locks time out, so that it never stands in the queue for long: what queues behind it waits as well. */
export async function retryOnLockTimeout<T>(
  what: string,
  events: PlanEvents,
  work: (attempt: number) => Promise<T>,
): Promise<T> {
  for (let attempt = 1; ; attempt += 1) {
    try {
      return await work(attempt)
    } catch (error) {
      if (!isLockTimeout(error) || attempt >= attempts) throw error
      const pause = Math.min(longest, shortest * 2 ** (attempt - 1)) * (0.5 + Math.random() / 2)
      events.retry?.({ what, attempt, pause })
      await new Promise((resolve) => setTimeout(resolve, pause))
    }
  }
}
