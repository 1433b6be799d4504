import type { EventEmitter } from 'node:events'
import type { PGlite } from '@electric-sql/pglite'
import { createPgConfig } from '@electric-sql/pglite/node-postgres'
import pg from 'pg'

/** Who shares the one session that a PGlite has. */
interface Sharing {
  clients: Set<pg.Client>
  /** Whose query began the transaction that is open. */
  transactionOf?: pg.Client | undefined
}

const sharing = new WeakMap<PGlite, Sharing>()

/**
 * A client on the one session of a PGlite. What a server does at the end of a session has to be done here: a transaction that
 * the client left open is rolled back, and after the last client settings, locks and temporary tables go.
 */
export async function openSession(db: PGlite, purpose: string): Promise<pg.Client> {
  const shared = sharing.get(db) ?? { clients: new Set() }
  sharing.set(db, shared)
  const client = new pg.Client(createPgConfig(db))
  client.on('error', () => {})
  await client.connect()
  followTransactions(client, shared)
  // PGlite takes no startup parameters. In the transaction of another client a query could fail, or be undone.
  if (!shared.transactionOf) {
    await client.query("SELECT set_config('application_name', $1, false)", [`athena ${purpose}`])
  }
  shared.clients.add(client)

  const end = client.end.bind(client) as () => Promise<void>
  client.end = async () => {
    if (shared.clients.delete(client)) {
      if (shared.transactionOf === client) await client.query('ROLLBACK')
      if (shared.clients.size === 0) await client.query('DISCARD ALL')
    }
    await end()
  }
  return client
}

/** Ends the clients that are still there, after what they are doing. */
export async function endSessions(db: PGlite): Promise<void> {
  for (const client of sharing.get(db)?.clients ?? []) await client.end()
}

/** Every client sees the state of the shared session, so the client's own getTransactionStatus does not tell whose it is. */
function followTransactions(client: pg.Client, shared: Sharing): void {
  const { connection } = client as pg.Client & { connection: EventEmitter }
  connection.on('readyForQuery', ({ status }: { status: 'I' | 'T' | 'E' }) => {
    if (status === 'I') shared.transactionOf = undefined
    else shared.transactionOf ??= client
  })
}
