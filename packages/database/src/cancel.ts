import { connect } from 'node:net'
import type pg from 'pg'

/** Milliseconds after which an end goes on without the answer. */
const patience = 2000

/**
 * Asks the server to stop what the session is doing; nothing happens where it does nothing. A closed connection alone does
 * not stop a statement: an index would be built to its end, with nobody waiting.
 */
export function cancel(session: pg.Client, host: string, port: number): Promise<void> {
  const { processID, secretKey } = session as pg.Client & { processID: number; secretKey: number }
  const request = Buffer.alloc(16)
  request.writeInt32BE(16, 0)
  request.writeInt32BE(80877102, 4)
  request.writeInt32BE(processID, 8)
  request.writeInt32BE(secretKey, 12)
  const socket = host.startsWith('/') ? connect(`${host}/.s.PGSQL.${port}`) : connect(port, host)
  return new Promise((resolve) => {
    socket.setTimeout(patience, () => socket.destroy())
    socket.once('connect', () => socket.end(request))
    socket.on('error', () => {})
    socket.once('close', () => resolve())
    socket.resume()
  })
}
