import { chmodSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { temporaryFolder } from '../../../test/packages.ts'
import { passwordFromFile } from '../src/password-file.ts'

const login = { host: 'db', port: 5432, user: 'ada', database: 'app' }

function passwordFile(text: string, mode = 0o600): string {
  const file = join(temporaryFolder(), '.pgpass')
  writeFileSync(file, text)
  chmodSync(file, mode)
  return file
}

test('the first line that fits gives the password', () => {
  const file = passwordFile('# mine\nother:5432:app:ada:no\ndb:*:app:ada:first\n*:*:*:*:last\n')
  expect(passwordFromFile(login, file)).toBe('first')
  expect(passwordFromFile({ ...login, user: 'eve' }, file)).toBe('last')
})

test('colons and backslashes are escaped by a backslash', () => {
  const file = passwordFile('\\:\\:1:5432:app:ada:a\\:b\\\\c\n')
  expect(passwordFromFile({ ...login, host: '::1' }, file)).toBe('a:b\\c')
})

test('localhost stands for a unix socket', () => {
  expect(passwordFromFile({ ...login, host: '/tmp' }, passwordFile('localhost:5432:app:ada:secret\n'))).toBe('secret')
})

test.skipIf(process.platform === 'win32')('a file that others may read is not used', () => {
  expect(passwordFromFile(login, passwordFile('*:*:*:*:secret\n', 0o640))).toBeUndefined()
})

test('without a file, or a line that fits, there is no password', () => {
  expect(passwordFromFile(login, '/nowhere/.pgpass')).toBeUndefined()
  expect(passwordFromFile(login, passwordFile('db:5432:other:ada:secret\n'))).toBeUndefined()
})
