import { AthenaError } from '@athena-pg/database'
import type pg from 'pg'

/** Milliseconds; it takes a few, unless a file has a fault that keeps the server from reading any of them. */
const patience = 10_000

/** Tells the server to read its files, and waits until it has. @throws AthenaError `reload_failed`, or 42501 */
export async function reload(client: pg.ClientBase): Promise<void> {
  const before = await loadTime(client)
  await client.query('SELECT pg_reload_conf()')
  const giveUp = performance.now() + patience
  // The postmaster reads the files first and then tells the sessions, this one among them.
  while ((await loadTime(client)) === before) {
    if (performance.now() > giveUp) {
      throw new AthenaError({
        code: 'reload_failed',
        message: 'the server did not read its configuration again',
        detail: `pg_conf_load_time() is still ${before}, ${patience / 1000} s after pg_reload_conf().`,
        hint: 'Its log says why; SELECT * FROM pg_file_settings WHERE error IS NOT NULL shows faulty lines.',
      })
    }
    await new Promise((resolve) => setTimeout(resolve, 20))
  }
}

async function loadTime(client: pg.ClientBase): Promise<string> {
  const { rows } = await client.query<{ at: string }>('SELECT pg_conf_load_time()::text AS at')
  return rows[0]?.at ?? ''
}
