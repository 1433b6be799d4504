import { expect, test } from 'vitest'
import { refusal } from '../../../test/refusals.ts'
import { render } from '../src/sql-text/render.ts'
import { concurrentIndexOf, refusedStatement, split } from '../src/sql-text/statements.ts'

const values = new Map([['name', "it's long, and longer"]])

async function statementsOf(text: string) {
  return split(render({ text, offset: 0 }, values, 'a.sql', text), 'a.sql', text)
}

test('statements are cut where PostgreSQL cuts them', async () => {
  const text = `
    -- first; with a semicolon
    /* and /* a nested */ comment; */ SELECT ';' AS ";" -- in between;
    ;; CREATE FUNCTION f() RETURNS int LANGUAGE sql BEGIN ATOMIC SELECT 1; SELECT 2; END;
    DO $$ BEGIN PERFORM 1; END $$; SELECT E'\\';'
    -- last`
  expect((await statementsOf(text)).map(({ sql }) => sql.replaceAll(/\s+/g, ' '))).toEqual([
    'SELECT \';\' AS ";" -- in between;',
    'CREATE FUNCTION f() RETURNS int LANGUAGE sql BEGIN ATOMIC SELECT 1; SELECT 2; END',
    'DO $$ BEGIN PERFORM 1; END $$',
    "SELECT E'\\';' -- last",
  ])
})

test.each(['', '\n', '-- only a comment', '/* a */;;'])('%j holds no statement', async (text) => {
  expect(await statementsOf(text)).toEqual([])
})

test('offsets count characters as JavaScript does, whatever stands before', async () => {
  const text = "SELECT 'ä€😀';\n/* é /* 😀 */ */ SELECT :'name'; SELECT 3"
  const sql = render({ text, offset: 0 }, values, 'a.sql', text).sql
  const statements = await statementsOf(text)
  expect(statements.map(({ sql: own, offset }) => sql.slice(offset, offset + own.length))).toEqual(
    statements.map(({ sql: own }) => own),
  )
  expect(statements[2]?.sql).toBe('SELECT 3')
})

test.each([
  ['a syntax error', 'SELECT 1;\nSELECT FROM FROM t;', '2:13', 'syntax error at or near "FROM"'],
  ['behind letters of two bytes', "SELECT 'äöü', x FROM FROM t", '1:22', 'syntax error'],
  ['behind letters of two UTF-16 units', "SELECT '😀😀', x FROM FROM t", '1:23', 'syntax error'],
  ['behind a variable', "SELECT :'name', x FROM FROM t", '1:24', 'syntax error'],
  ['an open string', "SELECT 1;\n  SELECT 'abc", '2:10', 'unterminated quoted string'],
  ["psql's own command", 'SELECT 1;\n\\d t', '2:1', 'syntax error at or near "\\"'],
  ['data of COPY', 'COPY t FROM STDIN;\n1\t2\n\\.', '2:1', 'syntax error'],
])('%s is refused with line and column', async (_, text, place, detail) => {
  const error = await refusal(() => statementsOf(text))
  expect(error.code).toBe('invalid_sql')
  expect(error.detail).toContain(`a.sql:${place}: ${detail}`)
})

const tx = "BEGIN, COMMIT and ROLLBACK are the runner's"
test.each([
  ['BEGIN', false, tx],
  ['COMMIT', false, tx],
  ['COMMIT', true, tx],
  ['ROLLBACK TO a', false, tx],
  ["PREPARE TRANSACTION 'x'", false, tx],
  ['COPY t FROM STDIN', false, 'has no data stream'],
  ['CREATE INDEX CONCURRENTLY i ON s.t (a)', false, 'cannot run inside a transaction'],
  ['CREATE INDEX CONCURRENTLY IF NOT EXISTS i ON s.t (a)', true, 'IF NOT EXISTS takes an invalid index for success'],
  ['CREATE INDEX CONCURRENTLY ON s.t (a)', true, 'needs a name'],
  ['CREATE INDEX CONCURRENTLY i ON t (a)', true, 'named with its schema'],
])('%s is refused (without transaction: %s)', async (text, noTransaction, reason) => {
  const [statement] = await statementsOf(text)
  expect(statement && refusedStatement(statement, noTransaction)).toContain(reason)
})

test.each([
  ['SAVEPOINT a', false],
  ["COPY t FROM '/tmp/x'", false],
  ["COPY t FROM PROGRAM 'x'", false],
  ['COPY t TO STDOUT', false],
  ['CREATE INDEX IF NOT EXISTS i ON t (a)', false],
  ['CREATE INDEX CONCURRENTLY i ON s.t (a)', true],
  ['DROP INDEX CONCURRENTLY s.i', true],
])('%s is allowed (without transaction: %s)', async (text, noTransaction) => {
  const [statement] = await statementsOf(text)
  expect(statement && refusedStatement(statement, noTransaction)).toBeUndefined()
})

test('a concurrent index tells what is needed to build it partition by partition', async () => {
  const [, statement] = await statementsOf(
    `SELECT 'ä'; /* ü */ CREATE UNIQUE INDEX CONCURRENTLY "I ü" ON ONLY "S".t USING btree (a) WITH (fillfactor = 70) WHERE b`,
  )
  expect(statement && concurrentIndexOf(statement)).toEqual({
    name: 'I ü',
    schema: 'S',
    table: 't',
    unique: true,
    fromTable: '"S".t USING btree (a) WITH (fillfactor = 70) WHERE b',
  })
})
