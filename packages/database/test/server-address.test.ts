import { userInfo } from 'node:os'
import { describe, expect, test } from 'vitest'
import { refusal } from '../../../test/refusals.ts'
import { serverAddress, serverLocation } from '../src/server-address.ts'

const nothing = {}

describe('a database URL', () => {
  test('gives every part', () => {
    const address = serverAddress('postgres://ada:secret@db.example.com:5433/app?sslmode=require', nothing)
    expect(address).toEqual({
      host: 'db.example.com',
      port: 5433,
      user: 'ada',
      password: 'secret',
      database: 'app',
      parameters: { sslmode: 'require' },
    })
  })

  test("may leave out all but the scheme: then libpq's defaults hold", () => {
    const user = userInfo().username
    expect(serverAddress('postgresql://', nothing)).toMatchObject({
      host: 'localhost',
      port: 5432,
      user,
      database: user,
    })
  })

  test('takes what it leaves out from the PG* variables', () => {
    const env = {
      PGHOST: 'other',
      PGPORT: '6000',
      PGUSER: 'eve',
      PGPASSWORD: 'word',
      PGDATABASE: 'store',
      PGSSLMODE: 'prefer',
    }
    expect(serverAddress('postgres://ada@db', env)).toMatchObject({
      host: 'db',
      port: 6000,
      user: 'ada',
      password: 'word',
      database: 'store',
      parameters: { sslmode: 'prefer' },
    })
  })

  test.each([
    ['postgres:///app?host=/var/run/postgresql', '/var/run/postgresql'],
    ['postgres://ada@%2Fvar%2Frun%2Fpostgresql/app', '/var/run/postgresql'],
    ['postgres://ada@/app?host=/tmp', '/tmp'],
    ['postgres://[::1]:5432/app', '::1'],
  ])('%s names the host %s', (url, host) => {
    expect(serverAddress(url, nothing)).toMatchObject({ host, database: 'app' })
  })

  test.each([
    ['postgres://u:p%40ss%2Fw%3Ard%25@h/d', 'p@ss/w:rd%'],
    ['postgres://u:pa#ss@h/d', 'pa#ss'],
    ['postgres://u:with space@h/d', 'with space'],
    ['postgres://u:a@b@h/d', 'a@b'],
  ])('%s has the password %s', (url, password) => {
    expect(serverAddress(url, nothing)).toMatchObject({ user: 'u', password, host: 'h', database: 'd' })
  })

  test.each([
    ['', 'The URL is empty.'],
    ['mysql://u:secret@h/d', 'The URL does not begin with postgres:// or postgresql://.'],
    ['host=h password=secret', 'The URL does not begin with postgres:// or postgresql://.'],
    ['postgres://u:sec/ret@h/d', expect.stringContaining('is not [user[:password]@][host]')],
    ['postgres://u:secret@h:port/d', expect.stringContaining('is not [user[:password]@][host]')],
    ['postgres://u:secret@h:99999/d', 'The port "99999" is not 1 to 65535.'],
    ['postgres://u:sec%ret@h/d', 'A percent sign is not followed by two hexadecimal digits.'],
    ['postgres://u:secret@one,two/d', expect.stringContaining('several hosts')],
  ])('%s is refused without showing its password', async (url, detail) => {
    const error = await refusal(() => serverAddress(url, nothing))
    expect(error).toMatchObject({
      code: 'malformed_url',
      detail,
      hint: expect.stringContaining('postgres://'),
      exit: 2,
    })
    expect(JSON.stringify(error)).not.toMatch(/sec.?ret/)
  })
})

test('PGSERVICE, which the driver does not read, is refused', async () => {
  expect(await refusal(() => serverAddress(undefined, { PGSERVICE: 'prod' }))).toMatchObject({
    code: 'service_unsupported',
    detail: expect.stringContaining('prod'),
  })
})

test('a location shows user, host, port and database, and no password', () => {
  const shown = (url: string) => serverLocation(serverAddress(url, nothing))
  expect(shown('postgres://ada:secret@db:5433/app')).toBe('ada@db:5433/app')
  expect(shown('postgres://ada:secret@[::1]/app')).toBe('ada@[::1]:5432/app')
  expect(shown('postgres://ada:secret@/app?host=/tmp')).toBe('ada@[/tmp]:5432/app')
})
