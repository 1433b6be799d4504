import { AthenaError, assertSessionsHold, type Database } from '@athena-pg/database'
import type pg from 'pg'

/** Who holds a lock, as far as pg_stat_activity tells. */
export interface LockHolder {
  pid: number
  application: string
  /** Seconds since that session connected. */
  age: number
  /** What it runs or ran last. */
  query: string
}

/** Advisory locks belong to one database already; the two keys tell the runner itself from the session that does its work. */
const keys = { runner: "hashtext('athena_migrations')", work: "hashtext('athena_migrations work')" } as const
export type Key = keyof typeof keys
const space = 'hashtext(current_database())'

export interface LockOptions {
  /** Milliseconds to wait for another runner before giving up. */
  wait: number
  waiting?: (holder: LockHolder | undefined) => void
}

/**
 * Takes the lock by trying again and again, never by waiting in the server: a session that waits for a lock inside
 * PostgreSQL holds a snapshot, and CREATE INDEX CONCURRENTLY in the holder then waits for it (deadlock 40P01).
 * @throws AthenaError `locked` naming the holder
 */
export async function takeLock(client: pg.ClientBase, key: Key, options: LockOptions): Promise<void> {
  const giveUp = performance.now() + options.wait
  for (let attempt = 0; ; attempt += 1) {
    const { rows } = await client.query(`SELECT pg_try_advisory_lock(${space}, ${keys[key]}) AS taken`)
    if (rows[0]?.taken === true) return
    if (attempt % 20 === 0) {
      const holder = await holderOf(client, key)
      if (performance.now() >= giveUp) throw locked(holder, options.wait)
      options.waiting?.(holder)
    }
    if (performance.now() >= giveUp) throw locked(await holderOf(client, key), options.wait)
    await new Promise((resolve) => setTimeout(resolve, 50 + Math.random() * 100))
  }
}

async function holderOf(client: pg.ClientBase, key: Key): Promise<LockHolder | undefined> {
  const { rows } = await client.query<LockHolder>(
    `SELECT a.pid, a.application_name AS application, extract(epoch FROM now() - a.backend_start)::int AS age, left(a.query, 200) AS query
       FROM pg_locks l JOIN pg_stat_activity a USING (pid) WHERE ${isHeld(key)}`,
  )
  return rows[0]
}

/** SQL over `pg_locks l`: this row is a runner's lock, granted. */
export function isHeld(key: Key): string {
  return `l.locktype = 'advisory' AND l.granted AND l.objsubid = 2
    AND l.database = (SELECT oid FROM pg_database WHERE datname = current_database())
    AND l.classid = (${space}::bigint & 4294967295)::oid AND l.objid = (${keys[key]}::bigint & 4294967295)::oid`
}

/**
 * Runs `work` while a session of its own holds the runner's lock. The embedded database has its lock on the folder.
 * @param work gets a check that throws `lock_lost` once that session is gone
 */
export async function withLock<T>(
  database: Database,
  options: LockOptions,
  work: (assertHeld: () => void) => Promise<T>,
): Promise<T> {
  if (database.kind === 'embedded') return inTurn(database, () => work(() => undefined))
  const session = await database.open('migrate lock')
  let isHeld = true
  session.once('end', () => {
    isHeld = false
  })
  try {
    await assertSessionsHold(database, session)
    // It idles for as long as an index builds.
    await session.query('SET idle_session_timeout = 0')
    await takeLock(session, 'runner', options)
    return await work(() => {
      if (!isHeld) throw lost()
    })
  } finally {
    await session.end().catch(() => undefined)
  }
}

const turns = new WeakMap<Database, Promise<unknown>>()

/** The embedded database is one session of one process, in which one run's BEGIN would be another's. */
function inTurn<T>(database: Database, work: () => Promise<T>): Promise<T> {
  const turn = (turns.get(database) ?? Promise.resolve()).then(work)
  turns.set(
    database,
    turn.catch(() => undefined),
  )
  return turn
}

export function describeHolder(holder: LockHolder | undefined): string {
  if (holder === undefined) return 'another session'
  return `pid ${holder.pid} (${holder.application || 'unnamed application'}, connected ${holder.age} s ago)`
}

function locked(holder: LockHolder | undefined, wait: number): AthenaError {
  return new AthenaError({
    code: 'locked',
    message: 'another migration run holds the lock',
    detail: `It is held by ${describeHolder(holder)}; waited ${Math.round(wait / 1000)} s.`,
    hint: `Wait for it, or look at what it does: athena migrate unlock --dry-run, or SELECT * FROM pg_stat_activity WHERE pid = ${holder?.pid ?? '…'}; Nothing was applied by this run.`,
  })
}

function lost(): AthenaError {
  return new AthenaError({
    code: 'lock_lost',
    message: 'the migration lock was lost while migrations ran',
    detail: 'The session that held it is gone.',
    hint: 'Connect to PostgreSQL directly and run `athena migrate up` again: what is recorded is applied, the rest is not.',
  })
}
