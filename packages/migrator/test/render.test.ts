import { expect, test } from 'vitest'
import { refusal } from '../../../test/refusals.ts'
import { render, variablesIn } from '../src/sql-text/render.ts'
import { lineAndColumn } from '../src/sql-text/scan.ts'

const values = new Map([
  ['n', '768'],
  ['it', "it's"],
  ['path', 'C:\\new'],
  ['odd', 'a"b'],
  ['long', 'one two three four'],
])

function rendered(text: string, offset = 0, file = text) {
  return render({ text, offset }, values, 'a.sql', file)
}

test.each([
  ['as it is', 'vector(:n)', 'vector(768)'],
  ['as a literal', "VALUES (:'n')", "VALUES ('768')"],
  ['as an identifier', 'FROM :"n".t', 'FROM "768".t'],
  ['as a literal with a quote', "VALUES (:'it')", "VALUES ('it''s')"],
  ['as a literal with a backslash', "VALUES (:'path')", "VALUES ( E'C:\\\\new')"],
  ['as an identifier with a quote', 'FROM :"odd"', 'FROM "a""b"'],
  ['at both ends', ':n + :n', '768 + 768'],
  ['behind a comment', '/* x */:n', '/* x */768'],
])('a variable stands %s', (_, text, expected) => {
  expect(rendered(text).sql).toBe(expected)
})

test.each([
  ['a cast', 'x::n'],
  ['a cast of a string', "'x'::n"],
  ['a slice', 'a[1:2]'],
  ['a slice by columns', 'a[i:n]'],
  ['a slice behind an element', 'a[b[1]:n]'],
  ['an assignment', 'x := 1'],
  ['a string', "':n'"],
  ['a literal within a string', "'it is :''n'''"],
  ['an escape string', "E'\\':n'"],
  ['a quoted identifier', '":n"'],
  ['a body', '$$ SELECT :n, :\'n\', :"n" $$'],
  ['a tagged body', '$x$ :n $$ $x$'],
  ['a comment', '-- :n\n/* :n */'],
])('%s holds no variable', (_, text) => {
  expect(variablesIn(text)).toEqual([])
  expect(rendered(text).sql).toBe(text)
})

test('variables are listed once, in the order in which they stand', () => {
  expect(variablesIn(`:b :'a' :"b" ':c' :b`)).toEqual(['b', 'a'])
  expect(rendered(":'n' :it").used).toEqual(['n', 'it'])
})

test('a value is not looked into for variables', () => {
  const once = render(
    { text: ":a :'a'", offset: 0 },
    new Map([
      ['a', ':n'],
      ['n', '1'],
    ]),
    'a.sql',
    '',
  )
  expect(once.sql).toBe(":n ':n'")
})

test('an undeclared variable is refused with its place in the file', async () => {
  const file = '-- Up Migration\nSELECT 1,\n  :nn;\n'
  const error = await refusal(() => rendered(file.slice(15), 15, file))
  expect(error.code).toBe('undeclared_variable')
  expect(error.detail).toMatch(/^a\.sql:3:3 uses it; declared are it, long, n, odd, path/)
})

test('a position in what is sent leads back to line and column of the file', () => {
  const file = "-- Up Migration\nSELECT :n, :long, wrong;\nSELECT :'it', wrong2;\n"
  const { sql, positionInFile } = rendered(file.slice(15), 15, file)
  for (const word of ['SELECT', ', ', 'wrong', 'wrong2', ';']) {
    expect(positionInFile(sql.lastIndexOf(word)), word).toBe(file.lastIndexOf(word))
  }
  expect(lineAndColumn(file, positionInFile(sql.indexOf('wrong2')))).toEqual({ line: 3, column: 15 })
})

test('a position inside a value leads to the variable', () => {
  const file = 'SELECT :n,\n:long,\n1'
  const { sql, positionInFile } = rendered(file)
  for (const word of ['one', 'two', 'four']) {
    expect(lineAndColumn(file, positionInFile(sql.indexOf(word))), word).toEqual({ line: 2, column: 1 })
  }
})
