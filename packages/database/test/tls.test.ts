import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { temporaryFolder } from '../../../test/packages.ts'
import { serverAddress } from '../src/server-address.ts'
import { tlsAttempts } from '../src/tls.ts'

const attempts = (url: string) => tlsAttempts(serverAddress(url, {}))
const unverified = { rejectUnauthorized: false }

describe('sslmode means what it means to libpq', () => {
  test.each([
    ['disable', [false]],
    ['allow', [false, unverified]],
    ['prefer', [unverified, false]],
    ['require', [unverified]],
    ['verify-full', [{}]],
    ['no-verify', [unverified]],
  ])('%s', (mode, expected) => {
    expect(attempts(`postgres://db.example.com/app?sslmode=${mode}`)).toEqual(expected)
  })

  test('none: encrypted where the server can; to this machine plain unless the server insists; through a socket plain', () => {
    expect(attempts('postgres://db.example.com/app')).toEqual([unverified, false])
    expect(attempts('postgres://localhost/app')).toEqual([false, unverified])
    expect(attempts('postgres://127.0.0.1/app')).toEqual([false, unverified])
    expect(attempts('postgres:///app?host=/tmp&sslmode=require')).toEqual([false])
  })

  test('with a root certificate, require verifies the chain and verify-full the name as well', () => {
    const file = join(temporaryFolder(), 'root.crt')
    writeFileSync(file, 'a certificate')
    const chain = { ca: 'a certificate', checkServerIdentity: expect.any(Function) }
    expect(attempts(`postgres://db.example.com/app?sslmode=require&sslrootcert=${file}`)).toEqual([chain])
    expect(attempts(`postgres://db.example.com/app?sslmode=verify-ca&sslrootcert=${file}`)).toEqual([chain])
    expect(attempts(`postgres://db.example.com/app?sslmode=verify-full&sslrootcert=${file}`)).toEqual([
      { ca: 'a certificate' },
    ])
  })
})

test.each([
  ['sslmode=required', 'unknown_sslmode'],
  ['sslmode=verify-ca', 'missing_certificate'],
  ['sslmode=verify-full&sslrootcert=/nowhere/root.crt', 'missing_certificate'],
])('%s is refused with %s', (query, code) => {
  expect(() => attempts(`postgres://db.example.com/app?${query}`)).toThrow(expect.objectContaining({ code }))
})
