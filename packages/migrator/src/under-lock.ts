import type { Database } from '@athena-pg/database'
import type { PlanEvents } from './events.ts'
import { type LockOptions, takeLock, withLock } from './lock.ts'
import { openWorkSession, type WorkSession } from './session.ts'
import type { Patience } from './waiting/patience.ts'

export interface Run {
  /** Goes into application_name as `athena migrate <purpose>`. */
  purpose: string
  /** Milliseconds to wait for another runner; 60,000 by default. */
  wait?: number | undefined
  /** With locks of other sessions. */
  patience?: Patience | undefined
  events?: Pick<PlanEvents, 'waiting'>
}

/**
 * Runs `work` with a session of its own while no other runner does anything to this database.
 * @param work gets a check that throws `lock_lost` once the lock is gone
 * @throws AthenaError `locked`, `transaction_pooler`
 */
export async function underLock<T>(
  database: Database,
  { purpose, wait = 60_000, patience, events }: Run,
  work: (session: WorkSession, assertHeld: () => void) => Promise<T>,
): Promise<T> {
  const options: LockOptions = { wait, waiting: (holder) => events?.waiting?.(holder) }
  return withLock(database, options, async (assertHeld) => {
    const session = await openWorkSession(await database.open(`migrate ${purpose}`), { database, patience })
    try {
      // A killed runner's lock session is gone at once, but its work may still run in the server for a moment.
      if (database.kind === 'server') await takeLock(session.client, 'work', options)
      return await work(session, assertHeld)
    } finally {
      await session.client.end().catch(() => undefined)
    }
  })
}
