import { expect, test } from 'vitest'
import { errorLines } from '../src/command-line/report-error.ts'

test('control characters that a file or a server smuggles into an error do not reach the terminal', () => {
  const text = 'a\u001b[2Jb\u0007\u009b31m\rc\u007f'
  const lines = errorLines({ code: 'x', message: text, detail: text, hint: text })
  // biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what is looked for
  expect(lines).not.toMatch(/[\u0000-\u0009\u000b-\u001f\u007f-\u009f]/)
  expect(lines).toContain('detail: a\\x1b[2Jb\\x07\\x9b31m\\x0dc\\x7f\n')
})

test('lines, tabs and letters of any language stay', () => {
  const lines = errorLines({ code: 'x', message: 'größer\t1', detail: 'one\ntwo', hint: undefined })
  expect(lines).toBe('error: größer\t1 (x)\ndetail: one\n  two\n')
})
