import { type AddressInfo, connect, createServer, type Socket } from 'node:net'

/** A way to the server on which a statement can be held up, or the connection cut, at a chosen moment. */
export interface GateProxy {
  url: string
  /** Resolves once the `nth` statement that has `text` is at the gate; it goes on with `open`, or not at all. */
  hold(text: string, nth?: number): Promise<void>
  open(): void
  /** Cuts the connection in place of the `nth` such statement. */
  cut(text: string, nth?: number): void
  close(): Promise<void>
}

export async function gateProxy(url: string): Promise<GateProxy> {
  const target = new URL(url)
  const sockets = new Set<Socket>()
  let wanted: { text: string; nth: number; reached: () => void; cuts: boolean } | undefined
  let held: (() => void) | undefined

  const server = createServer((client) => {
    const upstream = connect(Number(target.port), target.hostname)
    for (const socket of [client, upstream]) {
      sockets.add(socket)
      socket.on('error', () => {})
    }
    client.on('close', () => upstream.destroy())
    upstream.on('close', () => client.destroy())
    upstream.pipe(client)
    client.on('data', (data) => {
      const times = wanted === undefined ? 0 : data.toString('latin1').split(wanted.text).length - 1
      if (wanted !== undefined) wanted.nth -= times
      if (wanted === undefined || times === 0 || wanted.nth > 0) {
        upstream.write(data)
        return
      }
      const { reached, cuts } = wanted
      wanted = undefined
      if (cuts) {
        client.destroy()
        upstream.destroy()
      } else held = () => upstream.write(data)
      reached()
    })
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const { port } = server.address() as AddressInfo
  return {
    url: Object.assign(new URL(url), { port: String(port) }).href,
    hold: (text, nth = 1) =>
      new Promise((reached) => {
        wanted = { text, nth, reached, cuts: false }
      }),
    open() {
      held?.()
      held = undefined
    },
    cut(text, nth = 1) {
      wanted = { text, nth, reached: () => {}, cuts: true }
    },
    async close() {
      for (const socket of sockets) socket.destroy()
      await new Promise((resolve) => server.close(resolve))
    },
  }
}
