import { expect, test } from 'vitest'
import { lintPackages } from '../src/lint/index.ts'
import { exampleFunction, lintText, packageOf } from './linting.ts'

const drop = 'ALTER TABLE app.notes DROP COLUMN title;'
const ignore = '-- athena-ignore dropped_column: nothing reads it since 2.3'

async function found(text: string): Promise<string[]> {
  return (await lintText(text)).map(({ rule, line, detail }) => `${line} ${rule}: ${detail ?? ''}`)
}

test('a comment above the statement suppresses its rule there, and nothing else', async () => {
  expect(await found(`${ignore}\n${drop}`)).toEqual([])
  expect(await found(`${ignore}\n${drop}\n${drop}`)).toEqual(['4 dropped_column: title of app.notes'])
  expect(await found(`${ignore}\nALTER TABLE app.notes DROP COLUMN title, ADD PRIMARY KEY (id);`)).toEqual([
    '3 blocking_unique_constraint: PRIMARY KEY on app.notes, which is in use.',
  ])
})

test('several stand above one statement, with other comments between', async () => {
  const more = '-- athena-ignore blocking_unique_constraint: 20 rows'
  const both = 'ALTER TABLE app.notes DROP COLUMN title, ADD PRIMARY KEY (id);'
  expect(await found(`${ignore}\n-- and\n  ${more}\n/* this */\n${both}`)).toEqual([])
})

test('in the head of the file it covers both sections', async () => {
  const refresh = 'REFRESH MATERIALIZED VIEW app.counts;'
  const text = (head: string) => `${head}-- Up Migration\n${refresh}\n\n-- Down Migration\n${refresh}\n`
  expect(await found(text(''))).toHaveLength(2)
  expect(await found(text('-- Why.\n-- athena-ignore blocking_refresh: 10 rows\n'))).toEqual([])
})

test("in a function's file what stands above the first statement covers all", async () => {
  const long = `COMMENT ON FUNCTION app.example (int) IS 'x'; COMMENT ON COLUMN app.${'n'.repeat(64)}.a IS 'x';`
  const lint = async (head: string) =>
    (await lintPackages([packageOf([], { example: `${head}\n${exampleFunction}\n${long}` })])).findings
  expect((await lint('')).map(({ rule }) => rule)).toEqual(['truncated_identifier'])
  expect(await lint('-- athena-ignore truncated_identifier: that is its name')).toEqual([])
})

test.each([
  ['-- athena-ignore dropped_column', '2 unexplained_suppression: Why is dropped_column right here?'],
  ['-- athena-ignore dropped_column:  ', '2 unexplained_suppression: Why is dropped_column right here?'],
  [
    '-- athena-ignore droped_column: x',
    '2 unknown_suppression: There is no rule "droped_column". Did you mean dropped_column?',
  ],
  ['-- athena-ignore invalid_sql: x', '2 unknown_suppression: There is no rule "invalid_sql".'],
  ['-- athena-ignore', '2 unknown_suppression: It names no rule.'],
  ['--athena-ignore: x', '2 unknown_suppression: It names no rule.'],
])('%s suppresses nothing and is a finding itself', async (comment, expected) => {
  expect(await found(`${comment}\n${drop}`)).toEqual([expected, '3 dropped_column: title of app.notes'])
})

test.each([
  ['above another statement', `${ignore}\nSELECT 1;\n${drop}`, 'Nothing here is dropped_column.', 2],
  ['behind a statement', `${drop} ${ignore}`, 'It stands above no statement.', 2],
  ['within a statement', `ALTER TABLE app.notes\n${ignore}\nDROP COLUMN title;`, 'It stands above no statement.', 3],
  ['below the last statement', `${drop}\n${ignore}`, 'It stands above no statement.', 3],
])('one %s is unused', async (_, text, detail, line) => {
  expect(await found(text)).toContain(`${line} unused_suppression: ${detail}`)
  expect((await found(text)).filter((each) => each.includes('dropped_column: title'))).toHaveLength(1)
})

test('an unused one is no finding where a section could not be read', async () => {
  expect(
    (await lintText(`-- Up Migration\nSELECT 1;\n-- Down Migration\n${ignore}\nSELEC;`)).map(({ rule }) => rule),
  ).toEqual(['invalid_sql'])
})

test('inside a string and a body it is text', async () => {
  expect(await found(`SELECT '\n${ignore}\n'; DO $$\n${ignore}\nBEGIN END $$;`)).toEqual([])
})
