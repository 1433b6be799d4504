import { join } from 'node:path'
import type pg from 'pg'
import { openEmbedded } from './embedded.ts'

/** A database that sessions can be opened on: a server, or the embedded database (one process at a time). */
export interface Database {
  readonly kind: 'embedded' | 'server'
  /** For people: `postgres@127.0.0.1:5432/app`, or the folder of the embedded database. Never a password. */
  readonly location: string
  /**
   * Opens one more session; the caller ends it.
   * On the embedded database every session is the same one: settings and locks are shared.
   * @param purpose goes into application_name as `athena <purpose>`
   */
  open(purpose: string): Promise<pg.Client>
  /** Ends the sessions that are still open, and what they are doing. */
  close(): Promise<void>
}

export interface ConnectOptions {
  /** A server. Without one: DATABASE_URL, then the PG* variables, then the embedded database. */
  url?: string | undefined
  env?: NodeJS.ProcessEnv | undefined
  /** Of the embedded database; `.athena/data` under the working directory by default. */
  folder?: string | undefined
  /** Called before a new embedded database is made, which takes seconds. */
  creating?: (() => void) | undefined
}

/**
 * Finds the database. A server is not contacted before `open`; the embedded database is opened, and locked, at once.
 * @throws AthenaError malformed_url, service_unsupported, embedded_in_use, …
 */
export async function connect(options: ConnectOptions = {}): Promise<Database> {
  const env = options.env ?? process.env
  const url = options.url ?? (env.DATABASE_URL || undefined)
  if (isServerMeant(options.url, env)) {
    const { server } = await import('./server.ts')
    return server(url, env)
  }
  const { folder = join(process.cwd(), '.athena', 'data'), creating } = options
  return openEmbedded({ folder, creating })
}

/** Whether `connect` would take a server, not the embedded database. */
export function isServerMeant(url: string | undefined, env: NodeJS.ProcessEnv): boolean {
  return url !== undefined || Boolean(env.DATABASE_URL) || serverVariables.some((name) => env[name])
}

/** Any of these says that a server is meant. PGPASSWORD and the like alone do not. */
const serverVariables = ['PGHOST', 'PGHOSTADDR', 'PGPORT', 'PGUSER', 'PGDATABASE', 'PGSERVICE'] as const
