import { execFile, spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdirSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:net'
import { join } from 'node:path'
import { promisify } from 'node:util'

const run = promisify(execFile)

export interface Registry {
  /** Ends with a slash. */
  url: string
  stop(): Promise<void>
}

/**
 * An npm registry on loopback that takes packages from anyone.
 * @param home folder of its own, for its program and for what is published
 * @param uplink where it gets what is not ours
 */
export async function startRegistry(home: string, uplink: string, signal: AbortSignal): Promise<Registry> {
  await install(home, signal)
  const port = await freePort()
  writeFileSync(join(home, 'config.yaml'), configuration(uplink))
  const bin = join(home, 'node_modules/verdaccio/bin/verdaccio')
  const args = [bin, '--config', join(home, 'config.yaml'), '--listen', `127.0.0.1:${port}`]
  const child = spawn(process.execPath, args, {
    cwd: home,
    // What it warns of is being root, as one is in a container.
    env: { ...process.env, NODE_NO_WARNINGS: '1' },
    stdio: ['ignore', 'ignore', 'inherit'],
  })
  const ended = once(child, 'exit')
  const stop = async (): Promise<void> => {
    child.kill('SIGKILL')
    await ended
  }
  const url = `http://127.0.0.1:${port}/`
  try {
    await answering(url, signal)
  } catch (error) {
    await stop()
    throw error
  }
  return { url, stop }
}

/** Not among the workspace's own dependencies: its audit plugin asks for a node-fetch that does not install beside them. */
async function install(home: string, signal: AbortSignal): Promise<void> {
  mkdirSync(home, { recursive: true })
  const manifest = {
    private: true,
    dependencies: { verdaccio: '6.10.4' },
    overrides: { 'verdaccio-audit': { 'node-fetch': '2.7.0' } },
  }
  writeFileSync(join(home, 'package.json'), JSON.stringify(manifest))
  await run('npm', ['install', '--no-audit', '--no-fund', '--prefer-offline'], { cwd: home, signal })
}

/** Ours, and a third party's, are known here alone; everything else is fetched from the registry that this machine uses. */
function configuration(uplink: string): string {
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

async function answering(url: string, signal: AbortSignal): Promise<void> {
  const giveUp = Date.now() + 60_000
  for (;;) {
    const answer = await fetch(`${url}-/ping`).catch(() => undefined)
    if (answer?.ok) return
    signal.throwIfAborted()
    if (Date.now() > giveUp) throw new Error(`the registry at ${url} did not answer within 60 s`)
    await new Promise((resolve) => setTimeout(resolve, 100))
  }
}
