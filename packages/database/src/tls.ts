import { readFileSync } from 'node:fs'
import type { ConnectionOptions } from 'node:tls'
import { AthenaError } from './errors.ts'
import type { ServerAddress } from './server-address.ts'

/** What pg takes as `ssl`: false is an unencrypted connection. */
export type Tls = ConnectionOptions | false

/**
 * The ways to connect, in order, in the sense in which libpq defines sslmode. pg 8 itself takes `prefer`, `require` and
 * `verify-ca` as `verify-full` with a warning, so that a URL which works in psql fails here; pg 9 will follow libpq.
 * @throws AthenaError unknown_sslmode, missing_certificate
 */
export function tlsAttempts({ host, parameters }: ServerAddress): readonly Tls[] {
  if (host.startsWith('/')) return [false]
  // libpq's default is `prefer` everywhere; on the own machine there is nobody to hide from, and a handshake costs. Yet the
  // end of a tunnel is here too, and the server behind it may insist.
  const byDefault = loopback.has(host) ? 'allow' : 'prefer'
  const mode = parameters.sslmode ?? (parameters.ssl === 'true' ? 'verify-full' : byDefault)
  switch (mode) {
    case 'disable':
      return [false]
    case 'allow':
      return [false, encrypted(parameters, mode)]
    case 'prefer':
      return [encrypted(parameters, mode), false]
    case 'require':
    case 'verify-ca':
    case 'verify-full':
    case 'no-verify':
      return [encrypted(parameters, mode)]
    default:
      throw new AthenaError({
        code: 'unknown_sslmode',
        message: `sslmode "${mode}" is not known`,
        hint: 'Use disable, allow, prefer, require, verify-ca or verify-full.',
        exit: 2,
      })
  }
}

const loopback: ReadonlySet<string> = new Set(['localhost', '127.0.0.1', '::1'])

function encrypted(parameters: Readonly<Record<string, string>>, mode: string): ConnectionOptions {
  const { sslrootcert, sslcert, sslkey } = parameters
  const options: ConnectionOptions = {}
  if (sslcert) options.cert = certificate('sslcert', sslcert)
  if (sslkey) options.key = certificate('sslkey', sslkey)
  const own = sslrootcert !== undefined && sslrootcert !== 'system'
  if (own) options.ca = certificate('sslrootcert', sslrootcert)
  if (mode === 'verify-full') return options
  if (mode === 'verify-ca' && !own) {
    throw new AthenaError({
      code: 'missing_certificate',
      message: 'sslmode=verify-ca needs the certificate of the authority',
      hint: 'Add sslrootcert=FILE, or use sslmode=verify-full, which also accepts the authorities that Node knows.',
      exit: 2,
    })
  }
  // With a root certificate libpq verifies the chain, though not the name, even for `require`.
  if (own && (mode === 'verify-ca' || mode === 'require')) return { ...options, checkServerIdentity: () => undefined }
  return { ...options, rejectUnauthorized: false }
}

function certificate(parameter: string, file: string): string {
  try {
    return readFileSync(file, 'utf8')
  } catch (cause) {
    throw new AthenaError({
      code: 'missing_certificate',
      message: `the file of ${parameter} cannot be read`,
      detail: cause instanceof Error ? cause.message : file,
      cause,
    })
  }
}
