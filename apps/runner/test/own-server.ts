import { execFileSync } from 'node:child_process'
import type { AddressInfo } from 'node:net'
import { createServer } from 'node:net'
import pg from 'pg'
import { eventually } from '../../../test/waiting.ts'

export const images: readonly (readonly [number, string])[] = [
  [17, 'pgvector/pgvector:0.8.0-pg17'],
  [18, 'pgvector/pgvector:0.8.7-pg18'],
]

/** A server whose settings a spec may change: nothing of it is on the command line, and a restart keeps its port. */
export interface OwnServer {
  url: string
  /** Of a second server that a spec starts in the container on port 5433. */
  standbyUrl: string
  /** Runs a shell command in the container, as root; throws where it fails. */
  run(script: string): Promise<string>
  query<Row extends object = Record<string, string>>(sql: string): Promise<Row[]>
  restart(): Promise<void>
  stop(): Promise<void>
}

/** @param folder of this machine that the server includes as /conf.d */
export async function ownServer(image: string, folder?: string): Promise<OwnServer> {
  process.env.TESTCONTAINERS_RYUK_DISABLED ??= 'true'
  const { GenericContainer, Wait } = await import('testcontainers')
  const port = await freePort()
  const standbyPort = await freePort()
  const container = await new GenericContainer(image)
    .withEnvironment({ POSTGRES_PASSWORD: 'test', POSTGRES_HOST_AUTH_METHOD: 'trust' })
    .withBindMounts(folder === undefined ? [] : [{ source: folder, target: '/conf.d', mode: 'ro' }])
    .withExposedPorts({ container: 5432, host: port }, { container: 5433, host: standbyPort })
    .withWaitStrategy(Wait.forLogMessage(/database system is ready to accept connections/, 2))
    .withStartupTimeout(120_000)
    .start()
  const url = `postgres://postgres:test@127.0.0.1:${port}/postgres`

  async function run(script: string): Promise<string> {
    const { exitCode, output } = await container.exec(['bash', '-c', script])
    if (exitCode !== 0) throw new Error(`${script}: ${output}`)
    return output
  }
  const query = <Row extends object>(sql: string): Promise<Row[]> => ask<Row>(url, sql)
  if (folder !== undefined) {
    await run(`echo "include_dir '/conf.d'" >> $PGDATA/postgresql.conf`)
    await query('SELECT pg_reload_conf()')
  }
  return {
    url,
    standbyUrl: `postgres://postgres:test@127.0.0.1:${standbyPort}/postgres`,
    run,
    query,
    async restart() {
      // testcontainers would wait for the log line of a first start again.
      execFileSync('docker', ['restart', container.getId()], { stdio: 'ignore' })
      await eventually('the server to be back', () => query('SELECT 1 AS one').catch(() => undefined))
    },
    async stop() {
      await container.stop()
    },
  }
}

export async function ask<Row extends object>(url: string, sql: string): Promise<Row[]> {
  const client = new pg.Client({ connectionString: url })
  client.on('error', () => {})
  await client.connect()
  try {
    return (await client.query<Row>(sql)).rows
  } finally {
    await client.end()
  }
}

/** What ALTER SYSTEM has set: name → value. */
export async function autoConfOf({ query }: OwnServer): Promise<Record<string, string>> {
  const rows = await query<{ name: string; setting: string }>(
    "SELECT name, setting FROM pg_file_settings WHERE sourcefile LIKE '%/postgresql.auto.conf' ORDER BY name",
  )
  return Object.fromEntries(rows.map(({ name, setting }) => [name, setting]))
}

/** All settings in effect, and whether any waits for a restart. */
export async function settingsOf({ query }: OwnServer): Promise<Record<string, string>> {
  const rows = await query<{ name: string; setting: string }>(
    "SELECT name, setting FROM pg_settings WHERE name !~ '^(application_name|in_hot_standby)$' ORDER BY name",
  )
  return Object.fromEntries(rows.map(({ name, setting }) => [name, setting]))
}

async function freePort(): Promise<number> {
  const server = createServer()
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const { port } = server.address() as AddressInfo
  await new Promise((resolve) => server.close(resolve))
  return port
}
