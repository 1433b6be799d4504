import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { parseSize } from '../../src/facts/parse-size.ts'
import { PolicyError } from '../../src/policy-error.ts'
import { GB, kB, MB, TB } from '../../src/units.ts'
import { policyRefusal } from './policy-refusal.ts'

test.each([
  ['16gb', 16 * GB],
  ['16 GiB', 16 * GB],
  ['16Gi', 16 * GB],
  ['16G', 16 * GB],
  ['16000MB', 16000 * MB],
  ['1.5GB', 1.5 * GB],
  ['.5GB', GB / 2],
  ['512 mb', 512 * MB],
  ['2TB', 2 * TB],
  ['+64kB', 64 * kB],
  ['  8 GB ', 8 * GB],
  ['1PB', 1024 * TB],
  ['100B', 100],
  ['0.3GB', 322_122_547],
])('"%s" is %d bytes: multiples are binary, as in PostgreSQL', (given, bytes) => {
  expect(parseSize(given)).toBe(bytes)
})

test('a bare number is refused: PostgreSQL takes it for another unit with each setting', () => {
  expect(policyRefusal(() => parseSize('16'))).toMatchObject({
    code: 'malformed_size',
    message: '"16" has no unit',
    hint: expect.stringMatching(/pages of 8 kB.*Write 16GB or 16MB/),
  })
})

test.each([
  ['-1GB', 'is negative'],
  ['0GB', 'is nothing'],
  ['0.1B', 'is nothing'],
  ['2PB', 'is more than 1024 TB'],
  ['9e99GB', 'is not a size'],
  ['', 'is not a size'],
  ['GB', 'is not a size'],
  ['16XB', 'is not a size'],
  ['16iGB', 'is not a size'],
  ['1,5GB', 'is not a size'],
  ['16GB16', 'is not a size'],
  ['NaN', 'is not a size'],
  ['16 G B', 'is not a size'],
])('"%s" is refused: it %s', (given, reason) => {
  expect(policyRefusal(() => parseSize(given)).message).toBe(`"${given}" ${reason}`)
})

describe('any text', () => {
  test('is a whole number of bytes, or refused', () => {
    const texts = fc.oneof(fc.string(), fc.stringMatching(/^[-+]?\d{0,20}(\.\d{0,9})? ?[a-zA-Z]{0,3}$/))
    fc.assert(
      fc.property(texts, (text) => {
        try {
          expect(Number.isSafeInteger(parseSize(text)) && parseSize(text) > 0).toBe(true)
        } catch (error) {
          expect(error).toBeInstanceOf(PolicyError)
        }
      }),
    )
  })
})
