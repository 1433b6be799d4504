import { expect, test } from 'vitest'
import { migration } from '../../../test/packages.ts'
import { refusal } from '../../../test/refusals.ts'
import { checksum, normalize, readMigration } from '../src/source.ts'

const read = (text: string) => readMigration(text, 'a.sql')

test('a file is cut at its markers, in any case, with blanks around them', () => {
  const { up, down } = read('-- why\n  --  UP  migration \nSELECT 1;\n-- down Migration\nSELECT 2;\n')
  expect(up).toEqual({ text: '\nSELECT 1;\n', offset: 27 })
  expect(down.text).toBe('\nSELECT 2;\n')
})

test.each([
  ['a string', "SELECT '\n-- Down Migration\n';"],
  ['an escape string', "SELECT E'\\'\n-- Down Migration\n';"],
  ['a quoted identifier', 'SELECT 1 AS "\n-- Down Migration\n";'],
  ['a function body', 'DO $$ BEGIN\n-- Down Migration\nEND $$;'],
  ['a tagged body', 'DO $body$ $$\n-- Down Migration\n$$ $body$;'],
  ['a block comment', '/*\n-- Down Migration\n*/ SELECT 1;'],
  ['a nested block comment', '/* /* */\n-- Down Migration\n--! no-transaction\n*/ SELECT 1;'],
])('a marker in %s is text', (_, up) => {
  const source = read(migration(up, 'DROP TABLE t;'))
  expect(source.up.text).toBe(`\n${up}\n\n`)
  expect(source.down.text).toBe('\nDROP TABLE t;\n')
  expect(source.directives.noTransaction).toBe(false)
})

test.each([
  ['a comment behind SQL', 'SELECT 1; -- Down Migration'],
  ['a comment that says more', '-- Down migration drops the table'],
  ['a comment of dashes', '--- Down Migration'],
])('a marker is a comment of its own: %s is not one', (_, line) => {
  expect(read(migration(line)).up.text).toContain(line)
})

test.each([
  [
    'a file with Down alone, which node-pg-migrate would run as Up,',
    '-- Down Migration\nDROP TABLE t;\n',
    '1:1: "-- Down Migration" stands before',
  ],
  ['Down above Up', 'SELECT 1;\n-- Down Migration\n-- Up Migration\n', '2:1: "-- Down Migration" stands before'],
  ['a file without markers', 'CREATE TABLE t ();\n', '1:1: there is no line "-- Up Migration"'],
  ['an empty file', '', '1:1: there is no line "-- Up Migration"'],
  [
    "a file in dbmate's form",
    '-- migrate:up\nCREATE TABLE t ();\n-- migrate:down\nDROP TABLE t;\n',
    'there is no line',
  ],
  ['a file without Down', '\n-- Up Migration\nSELECT 1;\n', '2:1: there is no line "-- Down Migration"'],
  ['a second Up', '-- Up Migration\n-- Up Migration\n-- Down Migration\n', '2:1: "-- Up Migration" stands twice'],
  [
    'a second Down',
    '-- Up Migration\n-- Down Migration\n  -- Down Migration\n',
    '3:3: "-- Down Migration" stands twice',
  ],
  ['an Up below Down', '-- Up Migration\n-- Down Migration\n-- Up Migration\n', '3:1: "-- Up Migration" stands twice'],
  ['SQL above Up', '-- why\n\n  SELECT 1;\n-- Up Migration\n-- Down Migration\n', '3:3: SQL stands above'],
  ['a string above Up', "'x'\n-- Up Migration\n-- Down Migration\n", '1:1: SQL stands above'],
])('%s is refused', async (_, text, detail) => {
  const error = await refusal(() => read(text))
  expect(error.code).toBe('malformed_migration')
  expect(error.detail).toContain(`a.sql:${detail}`.replace('a.sql:there', 'there'))
  expect(error.hint).toBeDefined()
})

test('directives above Up are read', () => {
  const head =
    '-- why\n--! no-transaction\n--! irreversible: rows are merged: nobody can tell them apart\n--! lock_timeout: 2s'
  expect(read(migration('SELECT 1;', '', head)).directives).toEqual({
    noTransaction: true,
    irreversible: 'rows are merged: nobody can tell them apart',
    lockTimeout: '2s',
  })
})

test.each([
  ['an unknown directive', '-- why\n --! no_transaction', '2:2', '"--! no_transaction" is not a directive'],
  ['a value where none belongs', '--! no-transaction: yes', '1:1', '"no-transaction" takes no value'],
  ['no reason', '--! irreversible', '1:1', '"irreversible" needs a reason'],
  ['a time without its unit', '--! lock_timeout: 500', '1:1', '"lock_timeout" needs a time with its unit'],
  ['a time that is SQL', "--! lock_timeout: 1s'; DROP", '1:1', '"lock_timeout" needs a time'],
])('%s is refused with its place', async (_, head, place, detail) => {
  const error = await refusal(() => read(migration('', '', head)))
  expect(error.code).toBe('unknown_directive')
  expect(error.message).toContain(`a.sql:${place}`)
  expect(error.detail).toContain(detail)
})

test('a directive below Up is refused, since nobody would obey it', async () => {
  const error = await refusal(() => read(migration('--! no-transaction\nSELECT 1;')))
  expect(error.code).toBe('malformed_migration')
  expect(error.detail).toContain('a.sql:2:1: ')
})

test('line ends and a byte order mark do not change a checksum; a blank does', () => {
  const text = migration("SELECT 'ä';", 'SELECT 2;')
  const sum = checksum(normalize(text))
  expect(sum).toMatch(/^[0-9a-f]{64}$/)
  expect(checksum(normalize(`\uFEFF${text.replaceAll('\n', '\r\n')}`))).toBe(sum)
  expect(checksum(normalize(text.replaceAll('\n', '\r')))).toBe(sum)
  expect(checksum(normalize(`${text} `))).not.toBe(sum)
})
