import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { millisecondsOf, readPatience } from '../src/waiting/patience.ts'

describe('the patience of a run', () => {
  test.each([
    [undefined, undefined, { lockTimeout: '500ms', retries: 29 }],
    ['2s', '0', { lockTimeout: '2s', retries: 0 }],
    ['0', '100', { lockTimeout: '0', retries: 100 }],
  ])('is what the flags say: --lock-timeout %s --lock-retries %s', (timeout, retries, patience) => {
    expect(readPatience(timeout, retries)).toEqual(patience)
  })

  test.each([
    ['5', undefined, '--lock-timeout 5 is not a time'],
    ['', undefined, 'is not a time'],
    ['-5ms', undefined, '--lock-timeout -5ms is not'],
    ['5 weeks', undefined, 'is not a time'],
    [undefined, '-1', '--lock-retries -1 is not a number'],
    [undefined, '1.5', 'is not a number'],
    [undefined, 'often', 'is not a number'],
  ])('refuses nonsense as a wrong call: %j %j', (timeout, retries, message) => {
    expect(() => readPatience(timeout, retries)).toThrow(
      expect.objectContaining({ code: 'malformed_flag', exit: 2, message: expect.stringContaining(message) }),
    )
  })

  test('is a time that PostgreSQL writes, in any unit, and nothing else', () => {
    const units = { us: 0.001, ms: 1, s: 1000, min: 60_000, h: 3_600_000 }
    fc.assert(
      fc.property(fc.nat(), fc.constantFrom(...(Object.keys(units) as (keyof typeof units)[])), (count, unit) => {
        fc.pre(count < 1e9)
        expect(millisecondsOf(`${count}${unit}`)).toBe(count * units[unit])
        expect(millisecondsOf(`${count} ${unit}`)).toBe(count * units[unit])
      }),
    )
    fc.assert(
      fc.property(fc.string(), (text) => {
        fc.pre(!/^(0|\d+\s*(us|ms|s|min|h))$/.test(text))
        expect(millisecondsOf(text)).toBeUndefined()
      }),
    )
  })
})
