// registry.ts FOLDER UPLINK: an npm registry on loopback, in a process of its own. Prints its URL; when standard input ends, which it
// also does when whoever started it was killed, it stops and removes the folder with all that was put there.
import { type ChildProcess, execFile, spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdirSync, rmSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:net'
import { join } from 'node:path'
import { promisify } from 'node:util'

const run = promisify(execFile)
const [folder = '', uplink = ''] = process.argv.slice(2)
const home = join(folder, 'registry')
let server: ChildProcess | undefined
const ending = new AbortController()

for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, () => void end(0))
process.stdin.on('end', () => void end(0)).resume()

try {
  await install()
  const port = await freePort()
  writeFileSync(join(home, 'config.yaml'), configuration())
  server = start(port)
  const url = `http://127.0.0.1:${port}/`
  await answering(url)
  process.stdout.write(`${url}\n`)
} catch (error) {
  if (!ending.signal.aborted) console.error(error)
  await end(1)
}

async function end(status: number): Promise<void> {
  ending.abort()
  if (server?.exitCode === null && server.kill('SIGKILL')) await once(server, 'close')
  // Children of the one who was killed may still be writing there.
  rmSync(folder, { recursive: true, force: true, maxRetries: 20, retryDelay: 100 })
  process.exit(status)
}

/** Not among the workspace's own dependencies: its audit plugin asks for a node-fetch that does not install beside them. */
async function install(): Promise<void> {
  mkdirSync(home, { recursive: true })
  const manifest = {
    private: true,
    dependencies: { verdaccio: '6.10.4' },
    overrides: { 'verdaccio-audit': { 'node-fetch': '2.7.0' } },
  }
  writeFileSync(join(home, 'package.json'), JSON.stringify(manifest))
  await run('npm', ['install', '--no-audit', '--no-fund', '--prefer-offline'], {
    cwd: home,
    signal: ending.signal,
  })
}

/** Ours, and a third party's, are known here alone; everything else is fetched from the registry that this machine uses. */
function configuration(): string {
  const own = { access: '$all', publish: '$all', unpublish: '$all' }
  return JSON.stringify({
    storage: './storage',
    auth: { htpasswd: { file: './htpasswd' } },
    uplinks: { machine: { url: uplink, timeout: '120s', maxage: '60m' } },
    packages: {
      'athena-pg': own,
      '@athena-pg/*': own,
      '@acme/*': own,
      '**': { access: '$all', proxy: 'machine' },
    },
    log: { type: 'stdout', format: 'json', level: 'warn' },
  })
}

async function freePort(): Promise<number> {
  const probe = createServer().listen(0, '127.0.0.1')
  await once(probe, 'listening')
  const { port } = probe.address() as { port: number }
  probe.close()
  await once(probe, 'close')
  return port
}

function start(port: number): ChildProcess {
  const bin = join(home, 'node_modules/verdaccio/bin/verdaccio')
  const args = [bin, '--config', join(home, 'config.yaml'), '--listen', `127.0.0.1:${port}`]
  const child = spawn(process.execPath, args, {
    cwd: home,
    // What it warns of is being root, as one is in a container.
    env: { ...process.env, NODE_NO_WARNINGS: '1' },
    stdio: ['ignore', 'ignore', 'inherit'],
  })
  child.once('exit', (status) => void end(status ?? 1))
  return child
}

async function answering(url: string): Promise<void> {
  const giveUp = Date.now() + 60_000
  for (;;) {
    const answer = await fetch(`${url}-/ping`).catch(() => undefined)
    if (answer?.ok) return
    if (Date.now() > giveUp) throw new Error(`the registry at ${url} did not answer within 60 s`)
    await new Promise((resolve) => setTimeout(resolve, 100))
  }
}
