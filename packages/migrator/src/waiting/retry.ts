import type { PlanEvents } from '../events.ts'
import type { WorkSession } from '../session.ts'
import { type Blocker, watchBlockers } from './blockers.ts'
import { defaultPatience, millisecondsOf } from './patience.ts'

/** Milliseconds; doubled from try to try up to `longest`, and jittered so that two runners do not march in step. */
const shortest = 100
const longest = 5000

// 55P03 is what lock_timeout raises. A deadlock is found by whoever waits longest; here, too, trying again is all there is to do.
const lockFailures = ['55P03', '40P01']

/** A lock that was not to be had: by lock_timeout, or because of a deadlock. */
export function isLockFailure(error: unknown): boolean {
  const { code, cause } = error as { code?: string; cause?: { code?: string } }
  return lockFailures.includes(code ?? '') || lockFailures.includes(cause?.code ?? '')
}

/** Who blocked the last try of what failed so, as far as it was seen. */
export function blockersOf(error: unknown): readonly Blocker[] {
  const { blockers, cause } = error as { blockers?: readonly Blocker[]; cause?: { blockers?: readonly Blocker[] } }
  return blockers ?? cause?.blockers ?? []
}

/**
 * Runs `work` again while locks time out, so that it never stands in the queue for long: what queues behind it waits as well.
 * Between tries nothing is held. What it throws at last knows its blockers.
 * @param lockTimeout that `work` runs under, where it is not the session's own
 */
export async function retryOnLockTimeout<T>(
  session: WorkSession,
  what: string,
  events: PlanEvents,
  work: (attempt: number) => Promise<T>,
  lockTimeout?: string,
): Promise<T> {
  const { retries, lockTimeout: usual } = session.patience ?? defaultPatience
  const patience = millisecondsOf(lockTimeout ?? usual) ?? 0
  const watch = watchBlockers(session, (blockers) => events.blocked?.({ what, blockers }))
  try {
    for (let attempt = 1; ; attempt += 1) {
      try {
        watch.begin(patience)
        return await work(attempt)
      } catch (error) {
        if (!isLockFailure(error)) throw error
        if (attempt > retries) throw Object.assign(error as Error, { blockers: watch.seen() })
        const pause = Math.min(longest, shortest * 2 ** (attempt - 1)) * (0.5 + Math.random() / 2)
        watch.pause()
        events.retry?.({ what, attempt, pause, blockers: watch.seen() })
        await new Promise((resolve) => setTimeout(resolve, pause))
      }
    }
  } finally {
    await watch.end()
  }
}
