import type { Database } from '@athena-pg/database'
import type pg from 'pg'
import type { WorkSession } from '../session.ts'

/** A session that holds, or stands in the queue before us for, a lock that a statement of ours waits for. */
export interface Blocker {
  /** 0: a prepared transaction, which has no session. */
  pid: number
  /** Its application_name, else what kind of process it is. */
  application: string
  /** As pg_stat_activity tells: `active`, `idle in transaction`, …; null where this role may not see it. */
  state: string | null
  /** Seconds that its transaction is open; null where this role may not see it. */
  age: number | null
  /** What it runs, or ran last, in one line. */
  query: string
}

/** Milliseconds before the first look: most locks are there by then, and looking costs a session. */
const firstLook = 200
const nextLook = 1000

// pg_blocking_pids takes the lock manager's own locks for a moment: it is asked only about a session that does wait.
// Those that wait themselves come last: ending them would not help.
const query = `
SELECT b.pid, left(regexp_replace(coalesce(a.query, ''), '\\s+', ' ', 'g'), 200) AS query, a.state,
       coalesce(nullif(a.application_name, ''), a.backend_type, 'prepared transaction') AS application,
       round(extract(epoch FROM clock_timestamp() - a.xact_start))::int AS age
  FROM pg_stat_activity w, LATERAL (SELECT DISTINCT pid FROM unnest(pg_blocking_pids(w.pid)) AS pid) AS b
  LEFT JOIN pg_stat_activity a ON a.pid = b.pid
 WHERE w.pid = $1 AND w.wait_event_type = 'Lock' AND b.pid <> pg_backend_pid()
 ORDER BY a.wait_event_type = 'Lock' NULLS FIRST, a.xact_start`

export interface BlockerWatch {
  /** A statement begins that may wait for so many milliseconds, 0 for ever. */
  begin(patience: number): void
  /** It ended; what was seen last stays known. */
  pause(): void
  /** Who stood in the way when it was last looked. */
  seen(): readonly Blocker[]
  end(): Promise<void>
}

const blind: BlockerWatch = {
  begin: () => undefined,
  pause: () => undefined,
  seen: () => [],
  end: async () => undefined,
}

/**
 * Looks, from a session of its own that is opened only once a statement lasts, at who blocks the work session: after the
 * timeout nobody knows any more. The embedded database has one session, so nobody blocks it.
 */
export function watchBlockers(session: WorkSession, found: (blockers: readonly Blocker[]) => void): BlockerWatch {
  const { database } = session
  if (database === undefined || database.kind === 'embedded') return blind
  let watcher: Promise<pg.Client> | undefined
  let timer: NodeJS.Timeout | undefined
  let looking: Promise<void> | undefined
  let last: readonly Blocker[] = []
  let told: number | undefined
  const look = async (): Promise<void> => {
    watcher ??= openWatcher(database)
    const { rows } = await (await watcher).query<Blocker>(query, [processOf(session)])
    if (rows.length === 0) return
    last = rows
    const lasting = rows.filter(isLasting)
    if (lasting[0] === undefined || lasting[0].pid === told) return
    told = lasting[0].pid
    found(lasting)
  }
  const schedule = (milliseconds: number): void => {
    const mine = setTimeout(() => {
      // A courtesy: a server without a free connection still gets its migration.
      looking = look()
        .catch(() => undefined)
        .finally(() => {
          // Another statement may have begun meanwhile, and has its own.
          if (timer === mine) schedule(nextLook)
        })
    }, milliseconds)
    timer = mine
  }
  const pause = (): void => {
    clearTimeout(timer)
    timer = undefined
  }
  return {
    begin: (patience) => {
      pause()
      schedule(patience === 0 ? firstLook : Math.min(firstLook, patience / 2))
    },
    pause,
    seen: () => last,
    end: async () => {
      pause()
      await looking
      await watcher?.then((client) => client.end()).catch(() => undefined)
    },
  }
}

/** A statement of the application that is about to end is not worth a line: a concurrent build waits for dozens of them. */
function isLasting({ state, age }: Blocker): boolean {
  return state !== 'active' || age === null || age >= 1
}

async function openWatcher(database: Database): Promise<pg.Client> {
  return database.open('migrate watch')
}

function processOf({ client }: WorkSession): number {
  return (client as unknown as { processID: number }).processID
}

/** `pid 123 (psql, idle in transaction, transaction open for 12 s): UPDATE …` */
export function describeBlocker({ pid, application, state, age, query: text }: Blocker): string {
  const about = [application, state, age === null ? null : `transaction open for ${age} s`].filter(Boolean).join(', ')
  const who = pid === 0 ? 'a prepared transaction (see pg_prepared_xacts)' : `pid ${pid} (${about})`
  return text === '' ? who : `${who}: ${text}`
}

/** How the first of them is ended. */
export function endingOf({ pid }: Blocker): string {
  return pid === 0 ? 'ROLLBACK PREPARED …;' : `SELECT pg_terminate_backend(${pid});`
}
