import type pg from 'pg'
import type { Database } from './connect.ts'
import { AthenaError } from './errors.ts'

/**
 * Session locks, SET and prepared statements belong to a server process. A transaction pool hands a client another process
 * for every transaction, so a lock taken there protects nothing and stays behind. Refuses such a pool.
 * @param client an open session of the database
 * @throws AthenaError transaction_pooler
 */
export async function assertSessionsHold(database: Database, client: pg.Client): Promise<void> {
  if (database.kind === 'embedded' || (await isDirect(client))) return
  const other = await database.open('pool check')
  try {
    if (await keepsOneProcess(client, other)) return
  } finally {
    await other.end().catch(() => {})
  }
  throw new AthenaError({
    code: 'transaction_pooler',
    message: 'a transaction pool stands before the server',
    detail: `${database.location}: its connections share server processes, so a session lock would not hold.`,
    hint: 'Connect to the server itself, or through a pool in session mode: usually port 5432 instead of 6432 (PgBouncer, pgcat) or 6543 (Supabase).',
  })
}

/** A proxy makes up the process id that it tells its clients, since it may serve them by any process. */
async function isDirect(client: pg.Client): Promise<boolean> {
  const { processID } = client as pg.Client & { processID: number | null }
  return processID === (await processOf(client))
}

/**
 * While one connection holds a transaction open, a pool of transactions serves the other one by another process, and afterwards
 * either by the process that was used last or by the one that rested longest. So each connection asks three times: in a
 * transaction, beside the other's, and alone. Where the pool has a single process, the second connection waits for it: that
 * too happens only where connections do not own their processes.
 */
async function keepsOneProcess(one: pg.Client, two: pg.Client): Promise<boolean> {
  const seen = new Map([
    [one, new Set<number>()],
    [two, new Set<number>()],
  ])
  for (let round = 0; round < rounds; round++) {
    const [holder, asker] = round % 2 === 0 ? [one, two] : [two, one]
    if (!(await beginsTransaction(holder))) return false
    seen.get(holder)?.add(await processOf(holder))
    const answered = await withinPatience(processOf(asker))
    await holder.query('COMMIT')
    if (answered === undefined) return false
    seen.get(asker)?.add(answered)
    seen.get(holder)?.add(await processOf(holder))
    if ([...seen.values()].some((processes) => processes.size > 1)) return false
  }
  return true
}

/** A pool of statements refuses it. */
async function beginsTransaction(client: pg.Client): Promise<boolean> {
  try {
    await client.query('BEGIN READ ONLY')
    return true
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === '08P01') return false
    throw error
  }
}

const rounds = 4
/** Milliseconds: long for a query that reads one number, short for a person. */
const patience = 3000

async function processOf(client: pg.Client): Promise<number> {
  const { rows } = await client.query<{ pid: number }>('SELECT pg_backend_pid() AS pid')
  return (rows[0] as { pid: number }).pid
}

function withinPatience(answer: Promise<number>): Promise<number | undefined> {
  return new Promise((resolve, reject) => {
    const timer = setTimeout(() => resolve(undefined), patience)
    answer.then(resolve, reject).finally(() => clearTimeout(timer))
  })
}
