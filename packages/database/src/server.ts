import type { Socket } from 'node:net'
import type pg from 'pg'
import { cancel } from './cancel.ts'
import type { Database } from './connect.ts'
import { passwordHint } from './connecting-fault.ts'
import { AthenaError } from './errors.ts'
import { passwordFromFile } from './password-file.ts'
import { type ServerAddress, serverAddress, serverLocation } from './server-address.ts'
import { type Tls, tlsAttempts } from './tls.ts'
import { toAthenaError } from './to-athena-error.ts'

/**
 * A PostgreSQL server. Nothing is sent until a session is opened.
 * @throws AthenaError malformed_url, service_unsupported, unknown_sslmode, missing_certificate
 */
export function server(url: string | undefined, env: NodeJS.ProcessEnv): Database {
  const address = serverAddress(url, env)
  const location = serverLocation(address)
  const attempts = tlsAttempts(address)
  const timeout = connectionTimeout(address)
  const sessions = new Set<pg.Client>()

  async function open(purpose: string): Promise<pg.Client> {
    let refusal: { error: unknown; says: number } | undefined
    for (const tls of attempts) {
      try {
        return await session(purpose, tls)
      } catch (error) {
        const says = howMuchItSays(error, tls)
        if (!refusal || says >= refusal.says) refusal = { error, says }
        if (!isLoginRefusal(error) && !isWithoutTls(error)) break
      }
    }
    throw toAthenaError(refusal?.error, { ...address, location, seconds: timeout / 1000 })
  }

  async function session(purpose: string, tls: Tls): Promise<pg.Client> {
    // Loaded only here: most of the time that a command takes to start is pg.
    const { default: driver } = await import('pg')
    const { parameters } = address
    const client = new driver.Client({
      host: parameters.hostaddr ?? address.host,
      port: address.port,
      user: address.user,
      database: address.database,
      password:
        address.password ?? (() => passwordFromFile(address, parameters.passfile) ?? missing(address.user, location)),
      ssl: tls && parameters.hostaddr ? { servername: address.host, ...tls } : tls,
      options: parameters.options,
      enableChannelBinding: parameters.channel_binding === 'prefer' || parameters.channel_binding === 'require',
      ...(parameters.sslnegotiation === 'direct' && tls && { sslnegotiation: 'direct' }),
      application_name: `athena ${purpose}`,
      connectionTimeoutMillis: timeout,
      keepAlive: true,
    } as pg.ClientConfig)
    // A connection lost while idle is an event, and an event nobody listens to ends the process; the next query reports it.
    client.on('error', () => {})
    try {
      await client.connect()
    } catch (error) {
      // pg leaves the socket open where it gives up itself (no password, say), and the server waits a minute for more.
      hangUp(client)
      throw error
    }
    sessions.add(client)
    client.once('end', () => sessions.delete(client))
    return client
  }

  return {
    kind: 'server',
    location,
    open,
    async close() {
      await Promise.all(
        [...sessions].map(async (client) => {
          await cancel(client, address.parameters.hostaddr ?? address.host, address.port)
          await client.end()
        }),
      )
    },
  }
}

/** Called only when the server asks for a password. */
function missing(user: string, location: string): never {
  throw new AthenaError({
    code: 'password_missing',
    message: `the server wants a password for ${user}`,
    detail: `${location}: none was given.`,
    hint: passwordHint,
  })
}

function hangUp(client: pg.Client): void {
  const { connection } = client as pg.Client & { connection: { stream: Socket } }
  connection.stream.destroy()
}

/** Of two refusals the one to report: that there is no TLS says least, that an unencrypted login is not allowed little. */
function howMuchItSays(error: unknown, tls: Tls): number {
  if (isWithoutTls(error)) return 0
  return tls === false && isLoginRefusal(error) ? 1 : 2
}

/** Of both ways, encrypted and not, pg_hba.conf may allow only the other one. */
function isLoginRefusal(error: unknown): boolean {
  return error instanceof Error && 'code' in error && error.code === '28000'
}

function isWithoutTls(error: unknown): boolean {
  return error instanceof Error && error.message === 'The server does not support SSL connections'
}

/** Milliseconds; 10 seconds unless connect_timeout (seconds, 0 means no limit) says otherwise. */
function connectionTimeout({ parameters: { connect_timeout: given } }: ServerAddress): number {
  if (given === undefined) return 10_000
  const seconds = Number(given)
  if (Number.isInteger(seconds)) return Math.max(seconds, 0) * 1000
  throw new AthenaError({
    code: 'malformed_url',
    message: `connect_timeout "${given}" is not a whole number of seconds`,
    hint: 'Write for example connect_timeout=10.',
    exit: 2,
  })
}
