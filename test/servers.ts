import pg from 'pg'
import type { TestProject } from 'vitest/node'

/** A real PostgreSQL for the specs. */
export interface TestServer {
  /** `PostgreSQL 17`. */
  name: string
  major: number
  /** Superuser, database postgres. */
  url: string
}

declare module 'vitest' {
  interface ProvidedContext {
    servers: TestServer[]
  }
}

const images = ['pgvector/pgvector:0.8.0-pg17', 'pgvector/pgvector:0.8.7-pg18']

/**
 * ATHENA_TEST_DATABASE_URL names one server; else a container each for PostgreSQL 17 and 18. With neither, the specs that need a
 * server are skipped, loudly; ATHENA_REQUIRE_SERVER=1 makes that a failure.
 */
export default async function setup(project: TestProject): Promise<(() => Promise<void>) | undefined> {
  const given = process.env.ATHENA_TEST_DATABASE_URL
  if (given !== undefined) {
    project.provide('servers', [await describeServer(given)])
    return undefined
  }
  try {
    const containers = await allOrNone(images.map((image) => startServer(image)))
    project.provide('servers', await Promise.all(containers.map(({ url }) => describeServer(url))))
    return async () => {
      await Promise.all(containers.map(({ stop }) => stop()))
    }
  } catch (error) {
    if (process.env.ATHENA_REQUIRE_SERVER === '1') throw error
    const line = '='.repeat(100)
    console.warn(
      `\n${line}\nSKIPPED: every spec that needs a PostgreSQL server. No ATHENA_TEST_DATABASE_URL, and no Docker:\n  ${(error as Error).message}\n${line}\n`,
    )
    project.provide('servers', [])
    return undefined
  }
}

/** Where one does not start, those that did are stopped: nobody else would. */
export async function allOrNone<T extends { stop(): Promise<unknown> }>(starting: readonly Promise<T>[]): Promise<T[]> {
  const ended = await Promise.allSettled(starting)
  const started = ended.filter((each) => each.status === 'fulfilled').map(({ value }) => value)
  const failed = ended.find((each) => each.status === 'rejected')
  if (failed === undefined) return started
  await Promise.allSettled(started.map((each) => each.stop()))
  throw failed.reason
}

export interface StartedServer {
  url: string
  /** Runs a command in the container, as root. */
  run(command: string[]): Promise<unknown>
  stop(): Promise<unknown>
}

/**
 * One container, with a superuser `postgres`.
 * @param disks small file systems of its own: path in the container, and mount options
 * @param sharedMemory bytes of /dev/shm
 */
export async function startServer(
  image: string,
  disks: Record<string, string> = {},
  sharedMemory: number = 256 * 1024 * 1024,
): Promise<StartedServer> {
  // Its clean-up container is one more image to pull; ours are stopped by the teardown.
  process.env.TESTCONTAINERS_RYUK_DISABLED ??= 'true'
  const { GenericContainer, Wait } = await import('testcontainers')
  const container = await new GenericContainer(image)
    .withEnvironment({ POSTGRES_PASSWORD: 'test' })
    .withCommand(['postgres', '-c', 'fsync=off', '-c', 'max_connections=200', '-c', 'shared_buffers=128MB'])
    .withSharedMemorySize(sharedMemory)
    .withTmpFs(disks)
    .withExposedPorts(5432)
    .withWaitStrategy(Wait.forLogMessage(/database system is ready to accept connections/, 2))
    .withStartupTimeout(120_000)
    .start()
  const url = `postgres://postgres:test@127.0.0.1:${container.getMappedPort(5432)}/postgres`
  return { url, run: (command) => container.exec(command), stop: () => container.stop() }
}

async function describeServer(url: string): Promise<TestServer> {
  const client = new pg.Client({ connectionString: url })
  await client.connect()
  const { rows } = await client.query(`SELECT current_setting('server_version_num')::int / 10000 AS major`)
  await client.end()
  const major: number = rows[0].major
  return { name: `PostgreSQL ${major}`, major, url }
}
