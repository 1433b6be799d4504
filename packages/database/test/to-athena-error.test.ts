import { describe, expect, test } from 'vitest'
import type { ConnectionTarget } from '../src/connecting-fault.ts'
import { AthenaError } from '../src/errors.ts'
import { toAthenaError } from '../src/to-athena-error.ts'

const target: ConnectionTarget = {
  location: 'ada@db:5432/app',
  host: 'db',
  port: 5432,
  user: 'ada',
  database: 'app',
  seconds: 10,
}

describe('while connecting', () => {
  test.each([
    [systemError('ECONNREFUSED'), 'server_unreachable'],
    [systemError('ENOTFOUND'), 'server_unreachable'],
    [systemError('EAI_AGAIN'), 'server_unreachable'],
    [systemError('ETIMEDOUT'), 'server_unreachable'],
    [systemError('EHOSTUNREACH'), 'server_unreachable'],
    [systemError('ENOENT'), 'server_unreachable'],
    [systemError('EACCES'), 'server_unreachable'],
    [new Error('timeout expired'), 'server_unreachable'],
    [new Error('Connection terminated unexpectedly'), 'server_unreachable'],
    [serverError('28P01'), 'wrong_password'],
    [serverError('28000'), 'login_refused'],
    [serverError('3D000'), 'database_missing'],
    [serverError('42501'), 'login_refused'],
    [serverError('53300'), 'too_many_connections'],
    [serverError('57P03'), 'server_not_ready'],
    [serverError('08P01'), '08P01'],
    [new Error('The server does not support SSL connections'), 'tls_unsupported'],
    [systemError('DEPTH_ZERO_SELF_SIGNED_CERT'), 'certificate_refused'],
  ])('%s becomes %s', (error, code) => {
    expect(toAthenaError(error, target)).toMatchObject({ name: 'AthenaError', code, cause: error })
  })

  test('the refusals of every address of a name are told together', () => {
    const each = ['::1', '127.0.0.1'].map((address) =>
      systemError('ECONNREFUSED', `connect ECONNREFUSED ${address}:5432`),
    )
    expect(toAthenaError(new AggregateError(each), target)).toMatchObject({
      code: 'server_unreachable',
      detail: 'ada@db:5432/app: connect ECONNREFUSED ::1:5432; connect ECONNREFUSED 127.0.0.1:5432',
      hint: expect.stringContaining('pg_isready -h db -p 5432'),
    })
  })

  test('a missing database comes with the command that creates it', () => {
    expect(toAthenaError(serverError('3D000'), target)).toMatchObject({
      hint: 'Create it: createdb -h db -p 5432 -U ada app',
    })
  })
})

describe('afterwards', () => {
  test('an error of the server keeps its SQLSTATE, message, detail and hint', () => {
    const error = serverError('23505', { detail: 'Key (id)=(1) already exists.', hint: 'Use another.' })
    expect(toAthenaError(error)).toMatchObject({
      code: '23505',
      message: 'the message',
      detail: 'Key (id)=(1) already exists.',
      hint: 'Use another.',
    })
  })

  test.each([[new Error('Connection terminated unexpectedly')], [systemError('ECONNRESET')], [serverError('57P01')]])(
    '%s is a lost connection',
    (error) => {
      expect(toAthenaError(error)).toMatchObject({ code: 'connection_lost' })
    },
  )

  test('a session that takes no writes gets a way out', () => {
    expect(toAthenaError(serverError('25006'))).toMatchObject({
      code: '25006',
      hint: expect.stringContaining('default_transaction_read_only'),
    })
    expect(toAthenaError(serverError('25006', { hint: 'its own' }))).toMatchObject({ hint: 'its own' })
  })

  test('an AthenaError stays as it is', () => {
    const error = new AthenaError({ code: 'a_fault', message: 'a fault' })
    expect(toAthenaError(error, target)).toBe(error)
  })

  test.each([[new TypeError('x is not a function')], ['thrown text'], [systemError('ENOENT')]])(
    '%s is not recognised, and stays as it is',
    (error) => {
      expect(toAthenaError(error)).toBe(error)
    },
  )
})

function systemError(code: string, message = `connect ${code} 127.0.0.1:5432`): Error {
  return Object.assign(new Error(message), { code })
}

function serverError(code: string, parts: object = {}): Error {
  return Object.assign(new Error('the message'), { severity: 'FATAL', code, ...parts })
}
