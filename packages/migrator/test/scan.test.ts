import { expect, test } from 'vitest'
import { lineAndColumn, scan } from '../src/sql-text/scan.ts'

/** What scan calls code, with everything else blanked out. */
function codeOf(text: string): string {
  return scan(text)
    .map(({ kind, start, end }) => (kind === 'code' ? text.slice(start, end) : '_'))
    .join('')
}

test.each([
  ['a string', "SELECT 'it''s -- not' , 1", 'SELECT _ , 1'],
  ['an escape string that holds a quote', String.raw`SELECT E'a\'-- b' , 1`, 'SELECT _ , 1'],
  ['an escape string that goes on in the next line', `SELECT E'a'\n  'b\\'-- c' , 1`, 'SELECT _ , 1'],
  ['a plain string that ends in a backslash', String.raw`SELECT 'a\' , 1`, 'SELECT _ , 1'],
  ['a word that ends in e before a string', "SELECT true'x\\' , 1", 'SELECT true_ , 1'],
  ['a quoted identifier', 'SELECT "a ""--"" b" , 1', 'SELECT _ , 1'],
  ['a dollar-quoted body', 'DO $$ -- Up $x$ $$ , 1', 'DO _ , 1'],
  ['a tagged body that holds another', 'AS $a$ $$ $b$ $b$ $$ $a$ , 1', 'AS _ , 1'],
  ['dollars inside an identifier', 'SELECT a$b$c , $1', 'SELECT a$b$c , $1'],
  ['a line comment with quotes', "SELECT 1 -- it's $$\n, 1", 'SELECT 1 _\n, 1'],
  ['nested block comments', "SELECT /* a /* ' */ b */ 1", 'SELECT _ 1'],
  ['a block comment that begins with a slash', 'SELECT /*/ x */ 1', 'SELECT _ 1'],
  ['an empty block comment', 'SELECT /**/ 1', 'SELECT _ 1'],
])('%s is one span', (_, text, expected) => {
  expect(codeOf(text)).toBe(expected)
})

test.each([
  ['a string that is never closed', "SELECT 'x\n-- Up Migration\n", 'SELECT _'],
  ['a body that is never closed', 'DO $$ x', 'DO _'],
  ['a block comment that is never closed', 'x /* /* */ y', 'x _'],
])('%s reaches to the end', (_, text, expected) => {
  expect(codeOf(text)).toBe(expected)
})

test('lines and columns count from one', () => {
  const text = 'a\nbé\n\nc'
  expect([0, 1, 2, 4, 5, 6].map((position) => lineAndColumn(text, position))).toEqual([
    { line: 1, column: 1 },
    { line: 1, column: 2 },
    { line: 2, column: 1 },
    { line: 2, column: 3 },
    { line: 3, column: 1 },
    { line: 4, column: 1 },
  ])
})
