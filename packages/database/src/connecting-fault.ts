import type { ErrorParts } from './errors.ts'
import { isServerError, type ServerError, serverErrorParts } from './server-error.ts'

/** What was being connected to, when a connection failed. */
export interface ConnectionTarget {
  location: string
  host: string
  port: number
  user: string
  database: string
  /** How long was waited for the server; 0 is no limit. */
  seconds: number
}

/** What is wrong with a connection that did not come about; undefined where that is not known. */
export function connectingFault(error: Error, target: ConnectionTarget): ErrorParts | undefined {
  if (isServerError(error)) return refusal(error, target)
  const { location } = target
  if (error.message === 'The server does not support SSL connections') {
    return {
      code: 'tls_unsupported',
      message: 'the server does not offer TLS',
      detail: `${location}: sslmode asks for an encrypted connection.`,
      hint: 'Switch TLS on at the server (ssl = on), or use sslmode=disable where the network is trusted.',
    }
  }
  const cause = systemCause(error)
  if (cause && certificateCodes.test(cause.code)) {
    return {
      code: 'certificate_refused',
      message: 'the certificate of the server cannot be verified',
      detail: `${location}: ${cause.message} (${cause.code})`,
      hint: 'Give the certificate of its authority by sslrootcert=FILE; sslmode=require encrypts without verifying.',
    }
  }
  if (cause) return unreachable(target, cause.message, cause.code)
  return /timeout expired|^Connection terminated|SSL connection/.test(error.message)
    ? unreachable(target, error.message, 'silence')
    : undefined
}

const certificateCodes = /^(CERT_|ERR_TLS_|ERR_SSL_|DEPTH_ZERO_|SELF_SIGNED_|UNABLE_TO_|EPROTO|HOSTNAME_MISMATCH)/
export const passwordHint: string = 'Give it by PGPASSWORD, by ~/.pgpass (mode 600), or in the URL.'

function refusal(error: ServerError, { location, host, port, user, database }: ConnectionTarget): ErrorParts {
  const known: Record<string, Omit<ErrorParts, 'detail'>> = {
    '28P01': { code: 'wrong_password', message: `the server refused the password of ${user}`, hint: passwordHint },
    '28000': {
      code: 'login_refused',
      message: `the server refused the login of ${user}`,
      hint: loginHint(error.message),
    },
    '42501': {
      code: 'login_refused',
      message: `${user} may not connect to database ${database}`,
      hint: `Its owner may allow it: GRANT CONNECT ON DATABASE "${database}" TO "${user}";`,
    },
    '3D000': {
      code: 'database_missing',
      message: `database ${database} does not exist`,
      hint: `Create it: createdb -h ${host} -p ${port} -U ${user} ${database}`,
    },
    '53300': {
      code: 'too_many_connections',
      message: 'the server has no free connection',
      hint: 'Close idle sessions (SELECT * FROM pg_stat_activity), or put a pool between the applications and the server.',
    },
    '57P03': {
      code: 'server_not_ready',
      message: 'the server does not accept connections yet',
      hint: 'It is starting, stopping or recovering: try again in a few seconds.',
    },
  }
  const parts = known[error.code]
  return parts ? { ...parts, detail: `${location}: ${error.message}` } : serverErrorParts(error)
}

function loginHint(message: string): string {
  if (/no encryption/.test(message)) return 'The server wants an encrypted connection: add sslmode=require to the URL.'
  if (/pg_hba\.conf/.test(message)) return 'Add a line for this user, database and address to pg_hba.conf, and reload.'
  if (/does not exist/.test(message)) return 'Check the user name, or create the role: createuser --login NAME'
  return 'Check the user name and pg_hba.conf.'
}

/** Node tries every address of a name; the AggregateError of that has an empty message and the causes inside. */
function systemCause(error: Error): { code: string; message: string } | undefined {
  const causes = error instanceof AggregateError ? (error.errors as Error[]) : [error]
  const code = causes.map((cause) => ('code' in cause ? String(cause.code) : undefined)).find(Boolean)
  return code === undefined ? undefined : { code, message: causes.map((cause) => cause.message).join('; ') }
}

function unreachable({ location, host, port, seconds }: ConnectionTarget, message: string, code: string): ErrorParts {
  const hints: Record<string, string> = {
    ENOENT: `Is a server running with unix_socket_directories = '${host}' and port = ${port}?`,
    EACCES: `This user may not open the socket in ${host}.`,
    ENOTFOUND: `No such host is known: check the spelling of "${host}".`,
    EAI_AGAIN: `The name "${host}" could not be looked up: check the network and its name server.`,
    ECONNREFUSED: `Is a server running there? pg_isready -h ${host} -p ${port} tells.`,
    silence: `Nothing answered as PostgreSQL within ${seconds} s: check host, port and firewall; connect_timeout=SECONDS waits longer.`,
  }
  return {
    code: 'server_unreachable',
    message: 'the server cannot be reached',
    detail: `${location}: ${message}`,
    hint: hints[code] ?? 'Check host, port and firewall.',
  }
}
