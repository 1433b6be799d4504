import { expect, test } from 'vitest'
import { compareVersions } from '../src/planning/requirements.ts'

test.each([
  ['0.8.10', '0.8.9', 1],
  ['0.8', '0.8.0', 0],
  ['0.8.0', '0.8.1', -1],
  ['1.0', '0.99.99', 1],
  ['0.9.0-dev', '0.9.0', 0],
  ['2', '10', -1],
])('version %s compared with %s', (a, b, sign) => {
  expect(Math.sign(compareVersions(a, b))).toBe(sign)
  expect(Math.sign(compareVersions(b, a))).toBe(sign === 0 ? 0 : -sign)
})
