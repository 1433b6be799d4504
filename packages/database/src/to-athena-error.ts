import { AthenaError, type ErrorParts } from './errors.ts'

/** What was being connected to, when a connection failed. */
export interface ConnectionTarget {
  location: string
  host: string
  port: number
  user: string
  database: string
  /** How long was waited for the server. */
  seconds: number
}

/**
 * Gives an expected failure its code, message, detail and hint: errors of the server (code: SQLSTATE) and of the connection.
 * What is not recognised is returned as it is: it is a bug, and its stack matters.
 * @param target given while connecting
 */
export function toAthenaError(error: unknown, target?: ConnectionTarget): unknown {
  if (error instanceof AthenaError) return error
  const parts = (target && connectingFault(error, target)) ?? lostConnection(error) ?? serverError(error)
  return parts ? new AthenaError({ ...parts, cause: error }) : error
}

interface ServerError extends Error {
  code: string
  severity: string
  detail?: string
  hint?: string
}

// By shape, not by class: the embedded database brings its own copy of pg's classes.
function isServerError(error: unknown): error is ServerError {
  return error instanceof Error && 'severity' in error && 'code' in error && /^[0-9A-Z]{5}$/.test(String(error.code))
}

function serverError(error: unknown): ErrorParts | undefined {
  if (!isServerError(error)) return undefined
  const { code, message, detail, hint } = error
  return { code, message, detail, hint }
}

function lostConnection(error: unknown): ErrorParts | undefined {
  if (!(error instanceof Error)) return undefined
  const code = 'code' in error ? String(error.code) : ''
  const lost =
    /^Connection terminated|^Client has encountered a connection error/.test(error.message) ||
    ['ECONNRESET', 'EPIPE', 'ETIMEDOUT', '57P01', '57P02'].includes(code)
  if (!lost) return undefined
  return {
    code: 'connection_lost',
    message: 'the connection to the server was lost',
    detail: `${error.message}.`,
    hint: 'Look into the log of the server: it was stopped, or it ended this session. Then run the command again.',
  }
}

function connectingFault(error: unknown, target: ConnectionTarget): ErrorParts | undefined {
  const { location, user, database } = target
  if (isServerError(error)) {
    const detail = `${location}: ${error.message}`
    switch (error.code) {
      case '28P01':
        return {
          code: 'wrong_password',
          message: `the server refused the password of ${user}`,
          detail,
          hint: passwordHint,
        }
      case '28000':
        return {
          code: 'login_refused',
          message: `the server refused the login of ${user}`,
          detail,
          hint: loginHint(error.message),
        }
      case '3D000':
        return {
          code: 'database_missing',
          message: `database ${database} does not exist`,
          detail,
          hint: createdb(target),
        }
      case '42501':
        return {
          code: 'login_refused',
          message: `${user} may not connect to database ${database}`,
          detail,
          hint: `As its owner run: GRANT CONNECT ON DATABASE "${database}" TO "${user}";`,
        }
      case '53300':
        return {
          code: 'too_many_connections',
          message: 'the server has no free connection',
          detail,
          hint: 'Close idle sessions (SELECT * FROM pg_stat_activity), raise max_connections, or put a pool in front of the applications.',
        }
      case '57P03':
        return {
          code: 'server_not_ready',
          message: 'the server does not accept connections yet',
          detail,
          hint: 'It is starting, stopping or recovering: try again in a few seconds.',
        }
    }
    return serverError(error)
  }
  if (!(error instanceof Error)) return undefined
  if (/client password must be a/.test(error.message)) {
    return {
      code: 'password_missing',
      message: `the server wants a password for ${user}`,
      detail: `${location}: none was given.`,
      hint: passwordHint,
    }
  }
  if (error.message === 'The server does not support SSL connections') {
    return {
      code: 'tls_unsupported',
      message: 'the server does not offer TLS',
      detail: `${location}: sslmode asks for an encrypted connection.`,
      hint: 'Switch TLS on at the server (ssl = on), or use sslmode=prefer or sslmode=disable if the network is trusted.',
    }
  }
  const cause = networkCause(error)
  if (cause && tlsCodes.test(cause.code)) {
    return {
      code: 'certificate_refused',
      message: 'the certificate of the server cannot be verified',
      detail: `${location}: ${cause.message} (${cause.code})`,
      hint: 'Give the certificate of its authority by sslrootcert=FILE; sslmode=require encrypts without verifying.',
    }
  }
  if (cause) return unreachable(target, `${cause.message}`, cause.code)
  if (/timeout expired|^Connection terminated|SSL connection/.test(error.message))
    return unreachable(target, error.message, '')
  return undefined
}

const tlsCodes = /^(CERT_|ERR_TLS_|ERR_SSL_|DEPTH_ZERO_|SELF_SIGNED_|UNABLE_TO_|EPROTO|HOSTNAME_MISMATCH)/

/** Node tries every address of a name; the AggregateError of that has an empty message and the causes inside. */
function networkCause(error: Error): { code: string; message: string } | undefined {
  const inner =
    error instanceof AggregateError ? (error.errors as unknown[]).filter((one) => one instanceof Error) : [error]
  const first = inner[0]
  if (!first || !('code' in first)) return undefined
  return { code: String(first.code), message: inner.map((one) => one.message).join('; ') }
}

function unreachable(target: ConnectionTarget, message: string, code: string): ErrorParts {
  const { location, host, port, seconds } = target
  const socket = host.startsWith('/')
  const hints: Record<string, string> = {
    ENOENT: `Is a server running with unix_socket_directories = '${host}' and port = ${port}?`,
    EACCES: `The operating system forbids this user to open the socket in ${host}.`,
    ENOTFOUND: `No such host is known: check the spelling of "${host}".`,
    EAI_AGAIN: `The name "${host}" could not be looked up: check the network and its name server.`,
    ECONNREFUSED: `Is a server running there? ${socket ? 'Start it' : `Check with: pg_isready -h ${host} -p ${port}`}.`,
    '': `Nothing there answered as PostgreSQL within ${seconds} s: check host, port and firewall; connect_timeout=SECONDS waits longer.`,
  }
  return {
    code: 'server_unreachable',
    message: 'the server cannot be reached',
    detail: `${location}: ${message}`,
    hint: hints[code] ?? 'Check host, port and firewall.',
  }
}

const passwordHint = 'Give it by PGPASSWORD, by ~/.pgpass (mode 600), or in the URL.'

function loginHint(message: string): string {
  if (/no encryption/.test(message))
    return 'The server accepts only encrypted logins from here: add sslmode=require to the URL.'
  if (/pg_hba\.conf/.test(message))
    return 'Add a line for this user, database and address to pg_hba.conf, then reload the server.'
  if (/does not exist/.test(message)) return 'Check the user name, or create the role: createuser --login NAME.'
  return 'Check the user name and pg_hba.conf.'
}

function createdb({ host, port, user, database }: ConnectionTarget): string {
  return `Create it: createdb -h ${host} -p ${port} -U ${user} ${database}`
}
