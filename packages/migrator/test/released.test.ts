import { expect, test } from 'vitest'
import { packagesOf } from '../../../test/migrating.ts'
import { migration } from '../../../test/packages.ts'
import { realPackages } from '../../../test/real-packages.ts'
import { refusal } from '../../../test/refusals.ts'
import { releasedChanges } from '../src/verify/released.ts'

const name = '20260101000000_create_shop'
const text = migration('SELECT 1;', 'SELECT 1;')
const shop = (released?: string, sql = text) =>
  packagesOf({
    shop: {
      migrations: { [name]: sql },
      ...(released !== undefined && { files: { 'migrations/released.json': released } }),
    },
  })
const checksum = shop()[0]?.migrations[0]?.checksum

test('no file that a version of ours released was changed since', () => {
  expect(releasedChanges(realPackages())).toEqual([])
})

test('a package without a list has released nothing; a file that is not in the list is not released yet', () => {
  expect(releasedChanges(shop())).toEqual([])
  expect(releasedChanges(shop('{}'))).toEqual([])
})

test('a released file is itself, whatever the line ends of a checkout', () => {
  const released = JSON.stringify({ [name]: checksum })
  expect(releasedChanges(shop(released))).toEqual([])
  expect(releasedChanges(shop(released, text.replaceAll('\n', '\r\n')))).toEqual([])
})

test('one that was changed, or is gone, is named with both checksums', () => {
  const released = JSON.stringify({ [name]: checksum, '20250101000000_gone': 'abc' })
  const changed = releasedChanges(shop(released, `${text}-- more\n`))
  expect(changed).toEqual([
    {
      migration: `shop/${name}`,
      checksum: expect.stringMatching(/^[0-9a-f]{64}$/),
      released: checksum,
      by: 'released.json',
    },
    { migration: 'shop/20250101000000_gone', released: 'abc', by: 'released.json' },
  ])
})

test.each(['{', '[]', '{"a": 1}'])('a list that cannot be read is an error, not an empty list: %s', async (list) => {
  expect((await refusal(() => releasedChanges(shop(list)))).code).toBe('malformed_released')
})
