import { AthenaError, assertSessionsHold, type Database } from '@athena-pg/database'
import type pg from 'pg'

// An advisory lock belongs to one database, settings to the whole server: so whoever has the lock looks whether the same one
// is held in another database. Two that begin at the same moment may both give up, and never both go on.
const key = "hashtext('athena tune'), hashtext('settings')"

/** Keeps a second run out until the session ends. @throws AthenaError `transaction_pooler`, `tuning_in_progress` */
export async function holdOthersOff(database: Database, client: pg.Client): Promise<void> {
  // A role may have limits that suit its queries; none of them is to end this halfway.
  await client.query(
    "SELECT set_config(name, '0', false) FROM pg_catalog.pg_settings WHERE name ~ '^(statement|lock|transaction|idle_session)_timeout$'",
  )
  await assertSessionsHold(database, client)
  await takeTuningLock(client)
}

/** @throws AthenaError `tuning_in_progress` */
async function takeTuningLock(client: pg.ClientBase): Promise<void> {
  const { rows } = await client.query<{ taken: boolean }>(`SELECT pg_try_advisory_lock(${key}) AS taken`)
  const other = await client.query<{ pid: number; application: string; since: string }>(
    `SELECT l.pid, a.application_name AS application, a.backend_start::text AS since
     FROM pg_catalog.pg_locks l LEFT JOIN pg_catalog.pg_stat_activity a USING (pid)
     WHERE l.locktype = 'advisory' AND l.granted AND l.objsubid = 2 AND l.pid <> pg_backend_pid()
       AND l.classid = (hashtext('athena tune')::bigint & 4294967295)::oid
       AND l.objid = (hashtext('settings')::bigint & 4294967295)::oid`,
  )
  const holder = other.rows[0]
  if (rows[0]?.taken && holder === undefined) return
  throw new AthenaError({
    code: 'tuning_in_progress',
    message: 'another athena tune apply is at work on this server',
    detail:
      holder === undefined ? undefined : `pid ${holder.pid} (${holder.application}), connected since ${holder.since}`,
    hint: 'Wait for it to end, then look at athena tune diff. Nothing was changed.',
  })
}
