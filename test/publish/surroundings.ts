// surroundings.ts FOLDER UPLINK DATABASES: the registry and the servers of these specs, in a process of its own. Prints them as a
// line of JSON. When standard input ends, which it also does when whoever started it was interrupted or killed, it stops all of it,
// drops the databases whose names begin with DATABASES, and removes the folder.
import { rmSync } from 'node:fs'
import { join } from 'node:path'
import pg from 'pg'
import type { TestProject } from 'vitest/node'
import setupServers, { type TestServer } from '../servers.ts'
import { type Registry, startRegistry } from './registry.ts'

const [folder = '', uplink = '', databases = ''] = process.argv.slice(2)
const ending = new AbortController()
const servers: TestServer[] = []

// vitest is gone a millisecond after Ctrl-C, which reaches this process as well.
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, () => void end())
process.stdin.on('end', () => void end()).resume()

const registry = startRegistry(join(folder, 'registry'), uplink, ending.signal)
const stopServers = setupServers({
  provide: (_: string, found: TestServer[]) => servers.push(...found),
} as unknown as TestProject)

try {
  const [{ url }] = await Promise.all([registry, stopServers])
  if (!ending.signal.aborted) process.stdout.write(`${JSON.stringify({ registry: url, servers })}\n`)
} catch (error) {
  if (!ending.signal.aborted) console.error(error)
  process.exitCode = 1
  await end()
}

async function end(): Promise<void> {
  if (ending.signal.aborted) return
  ending.abort()
  const faults = (
    await Promise.allSettled([
      registry.then(({ stop }: Registry) => stop()),
      stopServers.then(async (stop) => {
        for (const { url } of servers) await dropDatabases(url)
        await stop?.()
      }),
    ])
  ).filter(({ status }) => status === 'rejected')
  // Children of the one who was killed may still be writing there.
  rmSync(folder, { recursive: true, force: true, maxRetries: 50, retryDelay: 100 })
  process.exit(process.exitCode ?? (faults.length > 0 ? 1 : 0))
}

async function dropDatabases(server: string): Promise<void> {
  const client = new pg.Client({ connectionString: server })
  await client.connect()
  try {
    const { rows } = await client.query('SELECT datname FROM pg_database WHERE starts_with(datname, $1)', [databases])
    for (const { datname } of rows) await client.query(`DROP DATABASE ${datname} WITH (FORCE)`)
  } finally {
    await client.end()
  }
}
