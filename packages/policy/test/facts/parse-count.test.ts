import { expect, test } from 'vitest'
import { parseCount } from '../../src/facts/parse-count.ts'
import { policyRefusal } from './policy-refusal.ts'

test.each([
  ['0', 0],
  ['250000', 250_000],
  ['250k', 250_000],
  ['1.5M', 1_500_000],
  ['1.1m', 1_100_000],
  ['2G', 2_000_000_000],
  ['1e6', 1_000_000],
  ['10e6', 10_000_000],
  [' 5 M ', 5_000_000],
])('"%s" is %d: multiples are decimal', (given, count) => {
  expect(parseCount(given)).toBe(count)
})

test.each(['', '-1', '1.5', '0.0001k', '1,000', '10 rows', 'many', '1e99', '1ee6', '0x10', '9.1e15'])(
  '"%s" is refused',
  (given) => {
    expect(policyRefusal(() => parseCount(given))).toMatchObject({
      code: 'malformed_count',
      message: `"${given}" is not a whole number`,
    })
  },
)
