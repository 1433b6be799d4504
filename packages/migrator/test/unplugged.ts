import type { Database } from '@athena-pg/database'
import type pg from 'pg'

export interface Unplugged {
  database: Database
  /** How many messages were sent, or would have been. */
  messages(): number
}

/**
 * A server whose client vanishes at a given message, as by kill -9 or by pulling the plug: the server gets it, nobody reads the
 * answer, all connections break off at once, and nothing that comes after is sent.
 * @param at number of the message, from 1
 */
export function unplugged(real: Database, at: number): Unplugged {
  const clients: pg.Client[] = []
  let sent = 0
  const pull = (): Error => {
    for (const client of clients) client.connection.stream.destroy()
    return new Error('unplugged')
  }
  const counted = (client: pg.Client): pg.Client => {
    const query = client.query.bind(client) as (...args: unknown[]) => Promise<unknown>
    const observed = (...args: unknown[]): Promise<unknown> => {
      sent += 1
      if (sent < at) return query(...args)
      if (sent === at) query(...args).catch(() => undefined)
      return Promise.reject(pull())
    }
    clients.push(client)
    return Object.assign(client, { query: observed })
  }
  const database: Database = {
    kind: real.kind,
    location: real.location,
    open: async (purpose) => {
      if (sent >= at) throw new Error('unplugged')
      const client = await real.open(purpose)
      if (purpose !== 'migrate watch') return counted(client)
      // It looks only when a statement lasts, so its messages are not the same ones in every run.
      clients.push(client)
      return client
    },
    close: async () => undefined,
  }
  return { database, messages: () => sent }
}
