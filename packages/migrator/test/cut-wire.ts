import { createServer, connect as dial, type Socket } from 'node:net'
import { connect, type Database } from '@athena-pg/database'

export interface CutWire {
  database: Database
  close(): Promise<void>
}

/**
 * A server whose network fails: after so many chunks from our side, every connection through it breaks off. What the server
 * is doing at that moment it goes on doing, until it notices.
 * @param isSent whether the last chunk still arrives
 */
export async function cutWire(url: string, chunks: number, isSent: boolean): Promise<CutWire> {
  const sockets = new Set<Socket>()
  let seen = 0
  const cut = (): void => {
    for (const socket of sockets) socket.destroy()
  }
  const { hostname, port } = new URL(url)
  const proxy = createServer((near) => {
    if (seen >= chunks) return void near.destroy()
    const far = dial(Number(port), hostname)
    for (const [from, to] of [
      [near, far],
      [far, near],
    ] as const) {
      sockets.add(from)
      from.on('error', () => to.destroy())
      from.on('close', () => {
        sockets.delete(from)
        to.destroy()
      })
    }
    far.on('data', (chunk) => near.write(chunk))
    near.on('data', (chunk) => {
      seen += 1
      if (seen < chunks || (isSent && seen === chunks)) far.write(chunk)
      // Let the chunk leave before the wire is cut.
      if (seen >= chunks) setTimeout(cut, 2)
    })
  })
  await new Promise<void>((resolve) => proxy.listen(0, '127.0.0.1', resolve))
  const address = proxy.address() as { port: number }
  const through = Object.assign(new URL(url), { hostname: '127.0.0.1', port: String(address.port) }).href
  const database = await connect({ url: through })
  return {
    database,
    close: async () => {
      cut()
      await new Promise((resolve) => proxy.close(resolve))
    },
  }
}
