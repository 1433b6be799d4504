import { loadModule, scanSync } from 'libpg-query'
import { beforeAll, expect, test } from 'vitest'
import { readMigration } from '../src/source.ts'
import { scan } from '../src/sql-text/scan.ts'
import { generator, randomSql } from './random-sql.ts'

const cases = 2000

beforeAll(() => loadModule())

/** One letter per UTF-16 unit that is not white space: c code, k comment, q quoted. */
function classesByScan(text: string): string {
  return scan(text)
    .map(({ kind, start, end }) => ({ code: 'c', comment: 'k', quoted: 'q' })[kind].repeat(end - start))
    .join('')
}

/** The same from PostgreSQL's lexer; undefined where it refuses the text. */
function classesByPostgres(text: string): string | undefined {
  const bytes = Buffer.from(text)
  const classes = Array.from({ length: text.length }, () => 'c')
  let tokens: { start: number; end: number; tokenName: string }[]
  try {
    tokens = scanSync(text).tokens
  } catch {
    return undefined
  }
  for (const { start, end, tokenName } of tokens) {
    const from = bytes.subarray(0, start).toString().length
    const token = bytes.subarray(start, end).toString()
    const isComment = tokenName === 'SQL_COMMENT' || tokenName === 'C_COMMENT'
    // A prefix that does not change what a backslash means is code to us: B'', X'', N'', U&'', U&"".
    const quoted = /^(?:[bxn]|u&)?(?=['"])|^(?:e'|\$\D)/i.exec(token)
    const shift = quoted === null || /^(e|\$)/i.test(token) ? 0 : quoted[0].length
    if (isComment) classes.fill('k', from, from + token.length)
    else if (quoted !== null) classes.fill('q', from + shift, from + token.length)
  }
  return classes.join('')
}

function withoutSpace(text: string, classes: string): string {
  return [...classes].filter((_, index) => /\S/.test(text[index] ?? '')).join('')
}

test('spans tile any text exactly, in order and without empty ones', () => {
  const next = generator(20261122)
  for (let index = 0; index < cases; index += 1) {
    const text = randomSql(next, 12, 'anything')
    const spans = scan(text)
    let at = 0
    for (const span of spans) {
      expect(span.start, text).toBe(at)
      expect(span.end, text).toBeGreaterThan(span.start)
      at = span.end
    }
    expect(at, text).toBe(text.length)
  }
})

test('strings and comments lie where the lexer of PostgreSQL sees them', () => {
  const next = generator(17)
  let compared = 0
  for (let index = 0; index < cases; index += 1) {
    const text = randomSql(next, 12, 'lexable')
    const expected = classesByPostgres(text)
    if (expected === undefined) continue
    compared += 1
    expect(withoutSpace(text, classesByScan(text)), text).toBe(withoutSpace(text, expected))
  }
  expect(compared).toBeGreaterThan(cases * 0.9)
})

test('sections are cut at the markers alone, whatever stands in strings, bodies and comments', () => {
  const next = generator(42)
  for (let index = 0; index < cases / 4; index += 1) {
    const up = `\n${randomSql(next, 8, 'lexable')}\n`
    const down = `\n${randomSql(next, 8, 'lexable')}\n`
    // A comment of a line of its own that reads like a marker is one: such cases are not meant here.
    if ([up, down].some((text) => classesByPostgres(text) === undefined || hasOwnLineMarker(text))) continue
    const source = readMigration(`-- Up Migration${up}-- Down Migration${down}`, 'x.sql')
    expect(source.up.text).toBe(up)
    expect(source.down.text).toBe(down)
  }
})

function hasOwnLineMarker(text: string): boolean {
  const classes = classesByPostgres(text) ?? ''
  for (const match of text.matchAll(/^[^\S\n]*--.*$/gm)) {
    const at = match.index + match[0].indexOf('--')
    if (classes[at] === 'k' && classes[at - 1] !== 'k' && /(up|down)[ \t]+migration|--!/i.test(match[0])) return true
  }
  return false
}
