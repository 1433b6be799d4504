import { execFileSync } from 'node:child_process'
import pg from 'pg'
import { eventually } from '../../../../test/waiting.ts'

export interface OwnServer {
  /** Runs a program in the container as the user postgres. */
  run(command: readonly string[], input?: string): string
  restart(): Promise<void>
  /** A session of its own; of postgres unless told otherwise. */
  query(sql: string, password?: string): Promise<pg.QueryResult>
  stop(): void
}

/** A server that a spec may reconfigure and restart: shared ones must keep their settings. */
export async function startOwnServer(image: string): Promise<OwnServer> {
  const id = docker([
    'run',
    '--detach',
    '--shm-size=1g',
    '--env=POSTGRES_PASSWORD=test',
    '--publish=127.0.0.1::5432',
    image,
  ])
  async function query(sql: string, password = 'test'): Promise<pg.QueryResult> {
    // docker gives another port after a restart.
    const port = Number(docker(['port', id, '5432/tcp']).split(':').at(-1))
    const client = new pg.Client({ host: '127.0.0.1', port, database: 'postgres', user: 'postgres', password })
    await client.connect()
    try {
      return await client.query(sql)
    } finally {
      await client.end()
    }
  }
  // Over TCP: while the image initialises, a temporary server answers on the socket only.
  const ready = () => eventually('a connection', () => query('SELECT 1').catch(() => undefined))
  await ready()
  return {
    run: (command, input) => docker(['exec', '-i', '-u', 'postgres', id, ...command], input),
    async restart() {
      docker(['restart', '--time=60', id])
      await ready()
    },
    query,
    stop: () => docker(['rm', '--force', '--volumes', id]),
  }
}

function docker(args: string[], input = ''): string {
  return execFileSync('docker', args, { input, encoding: 'utf8' }).trim()
}
