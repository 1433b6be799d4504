import { expect, test } from 'vitest'
import { splitText } from '../src/remember/split-text.ts'

const sentence = (words: number, word = 'word') =>
  `${Array.from({ length: words }, (_, i) => `${word}${i}`).join(' ')}.`

test('paragraphs that say enough stand alone, with their lines', () => {
  const text = `${sentence(60)}\n\n\n${sentence(70)}\n`
  expect(splitText(text)).toEqual([
    { text: sentence(60), line: 1, heading: undefined },
    { text: sentence(70), line: 4, heading: undefined },
  ])
})

test('short paragraphs are joined, but not across a heading, which begins its part', () => {
  const text = '# One\n\nfirst\n\nsecond\n\n## Two ##\nthird\n'
  expect(splitText(text)).toEqual([
    { text: '# One\n\nfirst\n\nsecond', line: 1, heading: 'One' },
    { text: '## Two ##\nthird', line: 7, heading: 'Two' },
  ])
})

test('a fenced block keeps its blank lines and comments', () => {
  const block = `~~~sh\n# not a heading\n\n${sentence(50)}\n~~~`
  expect(splitText(`${sentence(50)}\n\n${block}\n\n${sentence(50)}`).map(({ text }) => text)).toEqual([
    sentence(50),
    block,
    sentence(50),
  ])
})

test('what is too long is cut after a line, else a sentence, else a word, else anywhere, and nothing is lost', () => {
  const lines = Array.from({ length: 60 }, (_, i) => sentence(8, `line${i}x`)).join('\n')
  const sentences = Array.from({ length: 60 }, (_, i) => sentence(8, `part${i}x`)).join(' ')
  const words = sentence(800)
  const solid = 'é'.repeat(5000)
  for (const [text, ending] of [
    [lines, /\.$/],
    [sentences, /\.$/],
    [words, /\w+\.?$/],
    [solid, /é$/],
  ] as const) {
    const parts = splitText(text)
    expect(parts.length).toBeGreaterThan(1)
    for (const part of parts) {
      expect(part.text.length).toBeLessThanOrEqual(2000)
      expect(part.text).toMatch(ending)
    }
    expect(
      parts
        .map((part) => part.text)
        .join('')
        .replace(/\s/g, ''),
    ).toBe(text.replace(/\s/g, ''))
  }
  expect(splitText(lines).at(-1)?.line).toBeGreaterThan(30)
})

test('an emoji is never cut in two', () => {
  for (const part of splitText(`x${'😀'.repeat(3000)}`)) expect(part.text.isWellFormed()).toBe(true)
})

test.each([[''], ['\n\n  \n'], ['\r\n\r\n']])('%j holds nothing to remember', (text) => {
  expect(splitText(text)).toEqual([])
})
