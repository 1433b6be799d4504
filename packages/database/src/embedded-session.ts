import type { PGlite } from '@electric-sql/pglite'
import { createPgConfig } from '@electric-sql/pglite/node-postgres'
import pg from 'pg'

const openSessions = new WeakMap<PGlite, Set<pg.Client>>()

/**
 * A client on the one session that PGlite has. What a server does at the end of a session has to be done here: a transaction
 * that was left open is rolled back, and after the last client settings, locks and temporary tables go.
 */
export async function openSession(db: PGlite, purpose: string): Promise<pg.Client> {
  const client = new pg.Client(createPgConfig(db))
  client.on('error', () => {})
  await client.connect()
  // PGlite takes no startup parameters.
  await client.query("SELECT set_config('application_name', $1, false)", [`athena ${purpose}`])
  const clients = openSessions.get(db) ?? new Set()
  openSessions.set(db, clients.add(client))

  const end = client.end.bind(client) as () => Promise<void>
  client.end = async () => {
    if (clients.delete(client)) {
      if (client.getTransactionStatus() !== 'I') await client.query('ROLLBACK')
      if (clients.size === 0) await client.query('DISCARD ALL')
    }
    await end()
  }
  return client
}
