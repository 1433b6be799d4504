import { execFileSync } from 'node:child_process'
import { once } from 'node:events'
import { readFileSync } from 'node:fs'
import { type AddressInfo, connect, createServer, type Socket } from 'node:net'
import { join } from 'node:path'
import { TLSSocket } from 'node:tls'
import { temporaryFolder } from '../../../test/packages.ts'

// Made anew in each run: a key in a repository is a finding of every secret scanner, whatever it is for.
const folder = temporaryFolder()
export const certificateFile: string = join(folder, 'localhost.crt')
const keyFile = join(folder, 'localhost.key')
execFileSync(
  'openssl',
  [
    ...['req', '-x509', '-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1', '-nodes', '-days', '2'],
    ...[
      '-subj',
      '/CN=localhost',
      '-addext',
      'subjectAltName=DNS:localhost',
      '-keyout',
      keyFile,
      '-out',
      certificateFile,
    ],
  ],
  { stdio: 'ignore' },
)

const sslRequest = 80877103

/** TLS before a server that has none, as a managed service has it: the handshake is PostgreSQL's. */
export async function startTlsFront(url: string): Promise<{ port: number; stop(): void }> {
  const { hostname, port } = new URL(url)
  const cert = readFileSync(certificateFile)
  const key = readFileSync(keyFile)
  const sockets = new Set<Socket>()
  const server = createServer(async (socket) => {
    sockets.add(socket.on('error', () => {}))
    const [first] = (await once(socket, 'data')) as [Buffer]
    if (first.readInt32BE(4) !== sslRequest) return socket.destroy()
    socket.write('S')
    const secure = new TLSSocket(socket, { isServer: true, cert, key }).on('error', () => {})
    const behind = connect(Number(port), hostname).on('error', () => {})
    sockets.add(behind)
    secure.pipe(behind).pipe(secure)
  }).listen(0, '127.0.0.1')
  await once(server, 'listening')
  return {
    port: (server.address() as AddressInfo).port,
    stop() {
      server.close()
      for (const socket of sockets) socket.destroy()
    },
  }
}
