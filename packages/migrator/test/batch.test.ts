import { describe, expect, test } from 'vitest'
import { tablesIn, withoutSkipLocked } from '../src/batch/batch.ts'
import { readMigration } from '../src/source.ts'
import { render } from '../src/sql-text/render.ts'
import { split } from '../src/sql-text/statements.ts'

const read = (head: string) => readMigration(`${head}\n-- Up Migration\n-- Down Migration\n`, 'f.sql').directives
const parsed = async (sql: string) => {
  const rendered = render({ text: sql, offset: 0 }, new Map([['batch', '10']]), 'f.sql', sql)
  const [statement] = await split(rendered, 'f.sql', sql)
  return statement?.tree ?? {}
}

describe('the directive batch', () => {
  test.each([
    ['--! batch: 5000', { size: 5000, pause: 0 }],
    ['--! batch: 1, pause: 50ms', { size: 1, pause: 50 }],
    ['--! batch:1000000 , limit: 90000000,pause: 2s', { size: 1_000_000, pause: 2000, limit: 90_000_000 }],
  ])('is read, and runs outside a transaction: %s', (head, batch) => {
    expect(read(head)).toEqual({ noTransaction: true, batch })
  })

  test.each([
    ['', 'needs a number of rows up to 1000000, found ""'],
    ['0', 'found "0"'],
    ['-5', 'found "-5"'],
    ['1e3', 'found "1e3"'],
    ['1000001', 'found "1000001"'],
    ['500, pause: 5', 'found "pause: 5"'],
    ['500, limit: 0', 'found "limit: 0"'],
    ['500, sleep: 5ms', 'found "sleep: 5ms"'],
  ])('refuses %j', (value, detail) => {
    expect(() => read(`--! batch: ${value}`)).toThrow(
      expect.objectContaining({ code: 'unknown_directive', detail: expect.stringContaining(detail) }),
    )
  })
})

describe('a batched statement', () => {
  test.each([
    ['SELECT 1 FOR UPDATE SKIP LOCKED LIMIT 5', 'SELECT 1 FOR UPDATE  LIMIT 5'],
    ['SELECT 1 FOR UPDATE skip\n locked', 'SELECT 1 FOR UPDATE '],
    ["SELECT 'SKIP LOCKED' -- SKIP LOCKED", undefined],
  ])('is waited for without SKIP LOCKED: %j', (sql, patient) => {
    expect(withoutSkipLocked(sql)).toBe(patient)
  })

  test('is known by the tables that it changes and reads', async () => {
    const update =
      'UPDATE a.t SET x = (SELECT max(y) FROM "U u") WHERE id IN (WITH w AS (SELECT FROM c) SELECT id FROM a.t LIMIT :batch)'
    expect(tablesIn(await parsed(update))).toEqual({ target: '"a"."t"', read: ['"U u"', '"a"."t"', '"c"'] })
    expect(tablesIn(await parsed('INSERT INTO a SELECT FROM generate_series(1, :batch)'))).toEqual({
      target: '"a"',
      read: [],
    })
  })
})
