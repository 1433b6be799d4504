import type { Database } from '@athena-pg/database'
import type pg from 'pg'
import type { IndexProgress, PlanEvents } from '../events.ts'
import type { WorkSession } from '../session.ts'

const interval = 500

interface Row {
  phase: string
  done: number | null
  waitsFor: number | null
}

/** Blocks while the heap is read, tuples where the access method counts them (HNSW does), lockers while it waits. */
export const shareDone = `CASE WHEN lockers_total > 0 AND phase LIKE 'waiting%' THEN lockers_done::float8 / lockers_total
            WHEN tuples_total > 0 THEN tuples_done::float8 / tuples_total
            WHEN blocks_total > 0 THEN blocks_done::float8 / blocks_total END`

const query = `
SELECT phase, nullif(current_locker_pid, 0)::int AS "waitsFor", ${shareDone} AS done
  FROM pg_stat_progress_create_index WHERE pid = $1`

/**
 * Tells how far a build is, read by a session of its own, until the returned function is called. That session is only opened
 * once a build lasts; without a listener, and on the embedded database (one session, and its view stays empty), there is none.
 */
export function watchProgress(
  database: Database,
  session: WorkSession,
  what: Pick<IndexProgress, 'index' | 'partition'>,
  events: PlanEvents,
): () => Promise<void> {
  events.progress?.({ ...what, phase: '' })
  if (events.progress === undefined || database.kind === 'embedded') return async () => undefined
  const pid = (session.client as unknown as { processID: number }).processID
  let watcher: pg.Client | undefined
  let polling: Promise<void> | undefined
  const poll = async (): Promise<void> => {
    watcher ??= await database.open('migrate progress')
    const { rows } = await (watcher as pg.Client).query<Row>(query, [pid])
    const row = rows[0]
    if (row === undefined) return
    const { phase, done, waitsFor } = row
    events.progress?.({
      ...what,
      phase,
      ...(done !== null && { done: Math.min(1, done) }),
      ...(waitsFor !== null && { waitsFor }),
    })
  }
  const timer = setInterval(() => {
    // Progress is a courtesy: a server without a free connection still gets its index.
    polling ??= poll()
      .catch(() => undefined)
      .finally(() => {
        polling = undefined
      })
  }, interval)
  return async () => {
    clearInterval(timer)
    await polling
    await watcher?.end().catch(() => undefined)
  }
}
