import type { Database } from '@athena-pg/database'
import { query } from '../../../test/migrating.ts'
import { eventually } from '../../../test/waiting.ts'

/** SQL at which a run stops until the spec opens the gate. */
export const atTheGate = `DO $gate$ BEGIN
  WHILE NOT EXISTS (SELECT FROM public.gate) LOOP PERFORM pg_sleep(0.02); END LOOP;
END $gate$;`

/** Before a run that is to stop at it. */
export async function shutGate(database: Database): Promise<void> {
  await query(database, 'CREATE TABLE IF NOT EXISTS public.gate (); TRUNCATE public.gate')
}

export async function openGate(database: Database): Promise<void> {
  await query(database, 'INSERT INTO public.gate DEFAULT VALUES')
}

/** The server process that stands at the gate. */
export function someoneAtTheGate(database: Database): Promise<number> {
  return eventually('a run at the gate', async () => pidOf(database, "state = 'active' AND query LIKE '%public.gate%'"))
}

/** A session of this database other than the spec's own. */
export async function pidOf(database: Database, condition: string): Promise<number | undefined> {
  const rows = await query<{ pid: number }>(
    database,
    `SELECT pid FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid() AND ${condition}`,
  )
  return rows[0]?.pid
}
