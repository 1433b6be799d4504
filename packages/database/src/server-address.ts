import { userInfo } from 'node:os'
import { AthenaError } from './errors.ts'

/** Where a server is and how to log in there: a URL's parts, each missing one from the PG* variables, as libpq does. */
export interface ServerAddress {
  /** Name, IP address, or the folder of a unix socket (it begins with `/`). */
  host: string
  port: number
  user: string
  database: string
  password?: string | undefined
  /** Other parameters of the URL by libpq's names: sslmode, options, connect_timeout, … */
  parameters: Readonly<Record<string, string>>
}

/** libpq's parameters that we understand, and the variable that stands in for each. */
const variables: Readonly<Record<string, string>> = {
  sslmode: 'PGSSLMODE',
  sslrootcert: 'PGSSLROOTCERT',
  sslcert: 'PGSSLCERT',
  sslkey: 'PGSSLKEY',
  sslnegotiation: 'PGSSLNEGOTIATION',
  channel_binding: 'PGCHANNELBINDING',
  connect_timeout: 'PGCONNECT_TIMEOUT',
  options: 'PGOPTIONS',
  hostaddr: 'PGHOSTADDR',
  passfile: 'PGPASSFILE',
}

/**
 * @param url `postgres://user:password@host:port/database?sslmode=…`; without one, everything comes from `env`
 * @throws AthenaError malformed_url, service_unsupported
 */
export function serverAddress(url: string | undefined, env: NodeJS.ProcessEnv): ServerAddress {
  if (url === undefined && env.PGSERVICE) {
    throw new AthenaError({
      code: 'service_unsupported',
      message: 'connection services are not supported',
      detail: `PGSERVICE is "${env.PGSERVICE}"; the driver does not read pg_service.conf.`,
      hint: 'Unset PGSERVICE and give the server by DATABASE_URL or by PGHOST, PGPORT, PGUSER and PGDATABASE.',
    })
  }
  const given: Record<string, string | undefined> = url === undefined ? {} : urlParts(url)
  const parameters: Record<string, string> = {}
  for (const [name, value] of Object.entries(given)) {
    if (value !== undefined && !named.has(name)) parameters[name] = value
  }
  for (const [name, variable] of Object.entries(variables)) {
    const value = env[variable]
    if (value && parameters[name] === undefined) parameters[name] = value
  }
  const user = given.user || env.PGUSER || userInfo().username
  return {
    host: one(given.host || env.PGHOST || 'localhost'),
    port: portNumber(given.port || env.PGPORT || '5432'),
    user,
    database: given.dbname || env.PGDATABASE || user,
    password: given.password || env.PGPASSWORD || undefined,
    parameters,
  }
}

/** For people; never the password. */
export function serverLocation({ user, host, port, database }: ServerAddress): string {
  const shown = host.includes(':') || host.startsWith('/') ? `[${host}]` : host
  return `${user}@${shown}:${port}/${database}`
}

const named: ReadonlySet<string> = new Set(['host', 'port', 'user', 'dbname', 'password'])

// Not `new URL`: it refuses an empty host with a user, and cuts a password at `#`; libpq's grammar has neither rule.
const grammar =
  /^postgres(?:ql)?:\/\/(?:(?<user>[^:@/?]*)(?::(?<password>[^/?]*))?@)?(?<host>\[[^\]]*\]|[^:/?@]*)(?::(?<port>\d*))?(?:\/(?<dbname>[^?]*))?(?:\?(?<query>.*))?$/

function urlParts(url: string): Record<string, string | undefined> {
  const { query, ...parts } = grammar.exec(url)?.groups ?? malformed(shapeFault(url))
  const decoded: Record<string, string | undefined> = {}
  try {
    for (const [name, value] of Object.entries(parts)) decoded[name] = value && decodeURIComponent(value)
  } catch {
    malformed('A percent sign is not followed by two hexadecimal digits.')
  }
  decoded.host = decoded.host?.replace(/^\[(.*)\]$/, '$1')
  return { ...decoded, ...Object.fromEntries(new URLSearchParams(query)) }
}

/** Says what is wrong without showing any of the URL: a wrong URL may have its password anywhere. */
function shapeFault(url: string): string {
  if (url === '') return 'The URL is empty.'
  if (!/^postgres(ql)?:\/\//.test(url)) return 'The URL does not begin with postgres:// or postgresql://.'
  return 'The part after postgres:// is not [user[:password]@][host][:port][/database][?parameter=value…].'
}

function malformed(detail: string): never {
  throw new AthenaError({
    code: 'malformed_url',
    message: 'the database URL cannot be read',
    detail,
    hint: 'Write postgres://user:password@host:5432/database; in a password write @ as %40, / as %2F, : as %3A, ? as %3F, % as %25.',
    exit: 2,
  })
}

function one(host: string): string {
  if (!host.includes(',')) return host
  return malformed('It names several hosts; only one is supported. Give the primary.')
}

function portNumber(text: string): number {
  const port = Number(text)
  return Number.isInteger(port) && port > 0 && port < 65536 ? port : malformed(`The port "${text}" is not 1 to 65535.`)
}
