import { AthenaError } from '@athena-pg/database'
import type pg from 'pg'
import { shareDone } from './concurrent-index/progress.ts'
import { isHeld, type Key } from './lock.ts'

/** A session that holds a lock of the runner: `runner` keeps other runs out, `work` does what is to be done. */
export interface LockSession {
  lock: Key
  pid: number
  application: string
  user: string
  /** Address of the client; null over a Unix socket, or where this role may not see it. */
  client: string | null
  /** Seconds since it connected. */
  age: number
  /** `active`, `idle`, `idle in transaction`, …; null where this role may not see it. */
  state: string | null
  /** Seconds since it is in that state. */
  stateAge: number | null
  /** What it runs, or ran last. */
  query: string
  /** Sessions that it waits for. */
  waitsFor: readonly number[]
  /** Of the index that it builds. */
  progress: { phase: string; done: number | null } | null
}

/** Who keeps other runs from this database; the session that does the work comes first. Read-only. */
export async function lockSessions(client: pg.ClientBase): Promise<LockSession[]> {
  const { rows } = await client.query<LockSession>(
    `SELECT k.lock, a.pid, a.application_name AS application, a.usename AS user, host(a.client_addr) AS client,
            extract(epoch FROM now() - a.backend_start)::int AS age, a.state,
            extract(epoch FROM now() - a.state_change)::int AS "stateAge", a.query,
            pg_blocking_pids(a.pid) AS "waitsFor",
            CASE WHEN p.pid IS NOT NULL THEN jsonb_build_object('phase', p.phase, 'done', ${shareDone}) END AS progress
       FROM pg_locks l
       CROSS JOIN LATERAL (SELECT CASE WHEN ${isHeld('work')} THEN 'work' WHEN ${isHeld('runner')} THEN 'runner' END) AS k (lock)
       JOIN pg_stat_activity a USING (pid)
       LEFT JOIN pg_stat_progress_create_index p ON p.pid = a.pid
      WHERE k.lock IS NOT NULL ORDER BY k.lock DESC, a.pid`,
  )
  return rows.map((row) => ({ ...row, query: withoutPreface(row.query) }))
}

/**
 * The first statement of a migration comes in one message with its settings, of which the server shows the first kilobyte
 * (track_activity_query_size), often no more.
 */
function withoutPreface(query: string): string {
  if (!query.startsWith('RESET SESSION AUTHORIZATION;')) return query
  const [, first = ''] = / BEGIN; ([\s\S]+)$/.exec(query) ?? []
  const file = /'athena_migrations\.file', '([^']*)'/.exec(query)?.[1]
  return first === '' && file !== undefined ? `the first statement of ${file}` : first || query
}

/** Seconds: longer than a run pauses before it tries for a lock again. */
const longestPause = 10

/** Whether ending it stops a run that goes on. A session whose state is hidden counts as working. */
export function isWorking({ lock, state, stateAge }: LockSession): boolean {
  return state !== 'idle' || (lock === 'work' && (stateAge ?? 0) < longestPause)
}

/** @returns SQL that ends the session if it still holds its lock: a pid may be another's by now */
export function endSql({ lock, pid }: LockSession): string {
  return `SELECT pg_terminate_backend(l.pid) FROM pg_locks l WHERE l.pid = ${pid} AND ${isHeld(lock)};`
}

/**
 * Ends these sessions, and waits until their locks are free.
 * @param patience milliseconds to wait for each
 * @throws AthenaError `unlock_not_permitted`, `not_ended`
 */
export async function unlock(
  client: pg.ClientBase,
  sessions: readonly LockSession[],
  patience: number = 10_000,
): Promise<void> {
  for (const session of sessions) {
    await client.query(endSql(session)).catch((error: unknown) => {
      throw (error as { code?: string }).code === '42501' ? notPermitted(session, error) : error
    })
    await untilFree(client, session, Date.now() + patience)
  }
}

async function untilFree(client: pg.ClientBase, session: LockSession, giveUp: number): Promise<void> {
  for (;;) {
    const { rows } = await client.query(
      `SELECT FROM pg_locks l WHERE l.pid = ${session.pid} AND ${isHeld(session.lock)}`,
    )
    if (rows.length === 0) return
    if (Date.now() > giveUp) throw notEnded(session)
    await new Promise((resolve) => setTimeout(resolve, 50))
  }
}

function notPermitted({ pid, user }: LockSession, cause: unknown): AthenaError {
  const { message, detail } = cause as { message: string; detail?: string }
  return new AthenaError({
    code: 'unlock_not_permitted',
    message: `this role may not end the session with pid ${pid}, which is of role ${user}`,
    detail: [message, detail].filter(Boolean).join(': '),
    hint: `Connect as ${user} or as a superuser, or let an administrator grant pg_signal_backend to this role; or end the process that holds it where it runs.`,
    cause,
  })
}

function notEnded({ pid }: LockSession): AthenaError {
  return new AthenaError({
    code: 'not_ended',
    message: `the session with pid ${pid} was told to end, and has not yet`,
    detail: 'PostgreSQL ends a session at the next point where its statement can be interrupted.',
    hint: 'Look again in a while: athena migrate unlock --dry-run',
  })
}
