import { AthenaError } from '@athena-pg/database'
import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { reportError } from '../src/command-line/report-error.ts'

let stdout = ''
let stderr = ''

beforeEach(() => {
  stdout = ''
  stderr = ''
  vi.spyOn(process.stdout, 'write').mockImplementation((text) => {
    stdout += text
    return true
  })
  vi.spyOn(process.stderr, 'write').mockImplementation((text) => {
    stderr += text
    return true
  })
})
afterEach(() => vi.restoreAllMocks())

test('an expected error is printed in the form of PostgreSQL, further lines indented', () => {
  const error = new AthenaError({ code: 'a_fault', message: 'it failed', detail: 'one\ntwo', hint: 'do that' })
  expect(reportError(error, false)).toBe(1)
  expect(stderr).toBe('error: it failed (a_fault)\ndetail: one\n  two\nhint: do that\n')
  expect(stdout).toBe('')
})

test('an error of the database keeps its SQLSTATE', () => {
  const error = Object.assign(new Error('division by zero'), { severity: 'ERROR', code: '22012' })
  expect(reportError(error, true)).toBe(1)
  expect(JSON.parse(stdout)).toEqual({ error: { code: '22012', message: 'division by zero' } })
})

test('a wrong call has status 2', () => {
  expect(reportError(new AthenaError({ code: 'a_fault', message: 'called wrongly', exit: 2 }), false)).toBe(2)
})

test('an unexpected error shows where it came from, and that it is a bug', () => {
  expect(reportError(new TypeError('x is not a function'), true)).toBe(1)
  expect(JSON.parse(stdout)).toEqual({ error: { code: 'internal_error', message: 'x is not a function' } })
  expect(stderr).toMatch(/^error: TypeError: x is not a function\n\s+at .*\n/)
  expect(stderr).toMatch(/\nhint: This is a bug in athena-pg\. .*\n$/)
})
