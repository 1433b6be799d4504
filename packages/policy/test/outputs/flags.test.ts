import { execFileSync } from 'node:child_process'
import { render } from '@athena-pg/policy'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { quoteShell } from '../../src/text/quote-shell.ts'
import { recommended } from './any-facts.ts'

// Prints what it is given, each argument on a line of its own.
const shown = ['printf', '%s\\n'] as const

function flags(): string {
  return render(recommended({ listen: '*', workload: { pitr: true } }), 'flags')[0]?.content ?? ''
}

const expected = recommended({ listen: '*', workload: { pitr: true } }).settings.flatMap(({ name, value }) => [
  '-c',
  `${name}=${value}`,
])

test('xargs hands on each setting as one argument', () => {
  const output = execFileSync('xargs', [...shown], { input: flags(), encoding: 'utf8' })
  expect(output.split('\n').slice(0, -1)).toEqual(expected)
})

test('a word of any text stays one word', () => {
  const word = fc.string({ unit: 'grapheme', minLength: 1 }).filter((each) => !/\p{Cc}/u.test(each))
  fc.assert(
    fc.property(fc.array(word, { minLength: 1, maxLength: 20 }), (words) => {
      const input = words.map(quoteShell).join('\n')
      expect(execFileSync('xargs', [...shown], { input, encoding: 'utf8' })).toBe(`${words.join('\n')}\n`)
    }),
    { numRuns: 30 },
  )
})
