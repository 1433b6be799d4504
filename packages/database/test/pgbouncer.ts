import { type ChildProcess, execFileSync, spawn } from 'node:child_process'
import { once } from 'node:events'
import { chmodSync, writeFileSync } from 'node:fs'
import { type AddressInfo, connect, createServer } from 'node:net'
import { dirname, join } from 'node:path'
import { temporaryFolder } from '../../../test/packages.ts'

/** Whether this machine has a pgbouncer; Debian's package is called so. */
export const hasPgbouncer: boolean = (() => {
  try {
    execFileSync('pgbouncer', ['--version'])
    return true
  } catch (error) {
    if (process.env.ATHENA_REQUIRE_SERVER === '1') throw error
    return false
  }
})()

/** A real pool before the server of `url`. */
export async function startPgbouncer(
  url: string,
  settings: Record<string, string | number>,
): Promise<{ url: string; stop(): Promise<void> }> {
  const { hostname, port, username, password, pathname } = new URL(url)
  const listen = await freePort()
  const folder = temporaryFolder()
  const file = join(folder, 'pgbouncer.ini')
  const all = { listen_addr: '127.0.0.1', listen_port: listen, unix_socket_dir: '', auth_type: 'any', ...settings }
  writeFileSync(
    file,
    `[databases]\n* = host=${hostname} port=${port || 5432} user=${username} password=${password}\n[pgbouncer]\n${Object.entries(
      all,
    )
      .map(([name, value]) => `${name} = ${value}\n`)
      .join('')}`,
  )
  const stop = await runPgbouncer(file, listen)
  return { url: `postgres://${username}@127.0.0.1:${listen}${pathname}`, stop }
}

/** Runs PgBouncer with an ini, and waits until it takes connections. @returns what ends it */
export async function runPgbouncer(file: string, port: number): Promise<() => Promise<void>> {
  // It refuses to run as root, and then has to read its file as somebody else.
  chmodSync(dirname(file), 0o755)
  const child = spawn('pgbouncer', [...(process.getuid?.() === 0 ? ['-u', 'nobody'] : []), '-q', file], {
    stdio: 'ignore',
  })
  await reachable(port, child)
  return async () => {
    child.kill('SIGKILL')
    await once(child, 'exit')
  }
}

export async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1')
  await once(server, 'listening')
  const { port } = server.address() as AddressInfo
  server.close()
  return port
}

async function reachable(port: number, child: ChildProcess): Promise<void> {
  while (child.exitCode === null) {
    const socket = connect(port, '127.0.0.1')
    const open = await new Promise((resolve) =>
      socket.once('connect', () => resolve(true)).once('error', () => resolve(false)),
    )
    socket.destroy()
    if (open) return
    await new Promise((resolve) => setTimeout(resolve, 20))
  }
  throw new Error(`pgbouncer ended with ${child.exitCode}`)
}
