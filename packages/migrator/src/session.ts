import type { Database } from '@athena-pg/database'
import { literal } from '@athena-pg/database'
import type pg from 'pg'
import { defaultPatience, type Patience } from './waiting/patience.ts'

/** The session that does the work: its settings, put back before every migration so that none leaks into the next. */
export interface WorkSession {
  client: pg.Client
  settings: Readonly<Record<string, string>>
  /** Where a second session can be opened, to look at who blocks this one. */
  database?: Database | undefined
  /** The default where it is not given. */
  patience?: Patience | undefined
}

const settings: Readonly<Record<string, string>> = {
  TimeZone: 'UTC',
  standard_conforming_strings: 'on',
  statement_timeout: '0',
  idle_in_transaction_session_timeout: '0',
  client_min_messages: 'warning',
}

export async function openWorkSession(
  client: pg.Client,
  around: Pick<WorkSession, 'database' | 'patience'> = {},
): Promise<WorkSession> {
  // Files are read as the grammar reads them: a site that has this off would lose the backslash of '\S'. A message is read as a
  // whole before any of it runs, so it is on before the first one.
  await client.query('SET standard_conforming_strings = on')
  // A backend whose client was killed would otherwise finish its index first, and hold its locks until then.
  // Not every platform can watch a socket, and the embedded database has none.
  const watches = await client.query(`SET client_connection_check_interval = '1s'`).then(
    () => true,
    () => false,
  )
  return { ...around, client, settings: watches ? { ...settings, client_connection_check_interval: '1s' } : settings }
}

/**
 * Forgets whatever an earlier migration SET, and sets what this one runs with.
 * @param values further settings, by name; names of ours are qualified by `athena_migrations.`
 */
export function resetSql(session: WorkSession, values: Readonly<Record<string, string>>): string {
  const all = Object.entries({ ...session.settings, ...values })
  const sets = all.map(([name, value]) => `set_config(${literal(name)}, ${literal(value)}, false)`).join(', ')
  // RESET ROLE comes second: it goes back to what ALTER ROLE … SET role gives this user.
  return `RESET SESSION AUTHORIZATION; RESET ROLE; RESET ALL; DISCARD TEMP; SELECT ${sets}`
}

/** As functions are applied and dropped with. */
export async function resetForFunctions(session: WorkSession): Promise<void> {
  await session.client.query(resetSql(session, { lock_timeout: (session.patience ?? defaultPatience).lockTimeout }))
}
