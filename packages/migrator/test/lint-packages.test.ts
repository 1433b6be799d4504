import { execFileSync } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { migration, temporaryFolder, writeFiles } from '../../../test/packages.ts'
import { realPackages } from '../../../test/real-packages.ts'
import { refusal } from '../../../test/refusals.ts'
import { applyEdits, givenFiles, lintPackages, unifiedDiff } from '../src/lint/index.ts'
import { packageOf } from './linting.ts'

async function found(migrations: string[], options: Parameters<typeof lintPackages>[1] = {}): Promise<string[]> {
  const { findings } = await lintPackages([packageOf(migrations)], options)
  return findings.map(({ file, line, column, rule }) => `${file}:${line}:${column} ${rule}`)
}

test('each file is judged as the only one that is pending', async () => {
  const create = migration('CREATE TABLE app.notes (title text);', 'DROP TABLE app.notes;')
  const index = migration('CREATE INDEX idx_notes_title ON app.notes (title);')
  expect(await found([create, index])).toEqual(['20260101000001_b.sql:2:1 blocking_index_build'])
})

test('what earlier files say of a table is known, also where they are not linted', async () => {
  const migrations = [
    migration(
      'CREATE TABLE app.notes (id bigint, e vector(3072), name varchar(9), kind varchar(9)) PARTITION BY HASH (id);',
    ),
    migration(
      'CREATE INDEX CONCURRENTLY i ON app.notes USING hnsw (e vector_l2_ops);',
      'DROP INDEX app.i;',
      '--! no-transaction',
    ),
    migration('ALTER TABLE app.notes ALTER COLUMN name TYPE text, ALTER COLUMN kind TYPE varchar(5);'),
    migration('ALTER TABLE app.notes ADD CONSTRAINT c CHECK (name IS NOT NULL) NOT VALID;'),
    migration('ALTER TABLE app.notes VALIDATE CONSTRAINT c;'),
    migration('ALTER TABLE app.notes ALTER COLUMN name SET NOT NULL;'),
  ]
  const isWanted = ({ name }: { name: string }) => name !== '20260101000000_a'
  expect(await found(migrations, { isWanted })).toEqual([
    '20260101000001_b.sql:3:1 vector_index_over_limit',
    '20260101000002_c.sql:2:1 rewriting_type_change',
  ])
})

test('what a Down section does is not known to later files', async () => {
  const migrations = [
    migration(
      'SELECT 1;',
      'CREATE TABLE app.notes (id bigint) PARTITION BY HASH (id);\nCREATE INDEX i ON app.notes (id);',
    ),
    migration('DROP INDEX app.i;'),
  ]
  expect(await found(migrations)).toEqual(['20260101000001_b.sql:2:1 blocking_index_drop'])
})

test('positions are those of the file, whatever variables stand before', async () => {
  const text = migration("SELECT :'long', 'ä😀'; CREATE TABLE app.notes (a :type, b timestamp);", '', '-- ä 😀')
  const declarations = {
    long: { type: 'string', default: 'x'.repeat(50) },
    type: { type: 'derived', expression: "'text'" },
  } as const
  const { findings } = await lintPackages([packageOf([text], {}, declarations)])
  const column = (text.split('\n')[2] ?? '').indexOf('timestamp') + 1
  const rule = 'timestamp_without_time_zone'
  expect(findings).toMatchObject([{ rule, line: 3, column, endColumn: column + 'timestamp'.length }])
  const [finding] = findings
  expect(applyEdits(text, finding?.fix ?? [])).toBe(text.replace('timestamp', 'timestamptz'))
})

test('a fix that would replace a variable by its value is none', async () => {
  const type = { type: 'string', default: 'timestamp' } as const
  const { findings } = await lintPackages([packageOf([migration('CREATE TABLE app.t (a :type);')], {}, { type })])
  expect(findings).toMatchObject([{ rule: 'timestamp_without_time_zone', fix: undefined, diff: undefined }])
})

test.each([
  ['a name', 'CREATE INDEX CONCURRENTLY i ON app.t USING hnsw (e :derived) WITH (:derived);'],
  ['an option', 'CREATE INDEX CONCURRENTLY i ON app.t USING ivfflat (e vector_l2_ops) WITH (lists = :derived);'],
  ['a number', 'SELECT 1 LIMIT 1 OFFSET :derived; ALTER TABLE app.t ALTER COLUMN a SET STATISTICS :derived;'],
  ['a string', "SELECT :'derived';"],
])('a derived variable may be %s: no server is needed', async (_, sql) => {
  const derived = { type: 'derived', expression: '1' } as const
  const text = migration(sql, '', '--! no-transaction')
  expect((await lintPackages([packageOf([text], {}, { derived })])).findings).toEqual([])
})

test('files that cannot be read are findings at their place, and the others are linted', async () => {
  const migrations = [
    migration('SELECT 1;\n  SELEC 2;', 'DROP INDEX app.i;'),
    'DROP INDEX app.i;',
    migration('SELECT :nothing;'),
    migration('DROP INDEX app.i;'),
  ]
  expect(await found(migrations)).toEqual([
    '20260101000000_a.sql:3:3 invalid_sql',
    '20260101000000_a.sql:6:1 blocking_index_drop',
    '20260101000001_b.sql:1:1 malformed_migration',
    '20260101000002_c.sql:2:8 undeclared_variable',
    '20260101000003_d.sql:2:1 blocking_index_drop',
  ])
})

test('a statement that is repeated in batches may change many rows', async () => {
  const rows = (where: string) => `SELECT id FROM app.notes WHERE ${where} LIMIT :batch FOR UPDATE SKIP LOCKED`
  const text = migration(
    `UPDATE app.notes SET title = kind WHERE id IN (${rows('title IS NULL')});`,
    `DELETE FROM app.notes WHERE id IN (${rows("kind = 'draft'")});`,
  )
  expect(await found([`--! batch: 5000\n${text}`])).toEqual([])
  expect(await found([text])).toEqual([
    '20260101000000_a.sql:2:99 undeclared_variable',
    '20260101000000_a.sql:5:88 undeclared_variable',
  ])
})

test('in a batched file a statement that does not limit itself is found where it stands', async () => {
  const text = migration("UPDATE app.notes SET title = 'b' WHERE title IS NULL;", 'SELECT 1;', '--! batch: 5000')
  expect(await found([text])).toEqual(['20260101000000_a.sql:3:1 malformed_migration'])
})

test('the directive that says so stands in the head of the file', async () => {
  const text = migration("UPDATE app.notes SET title = 'b' WHERE title IS NULL;", '--! batch: 5000')
  expect(await found([text])).toEqual(['20260101000000_a.sql:5:1 malformed_migration'])
})

test('our own packages have no findings, whatever their variables', async () => {
  for (const variables of [{}, { project_layout: 'list', embedding_type: 'vector' }, { vector_index: 'ivfflat' }]) {
    const { findings, files } = await lintPackages(realPackages(), { variables })
    expect(findings).toEqual([])
    expect(files).toBeGreaterThan(40)
  }
})

test('named files are found by any path, and strangers come after all', async () => {
  const folder = temporaryFolder()
  writeFiles(folder, { 'x.sql': migration('CREATE INDEX i ON athena.memories (id);') })
  const [own] = realPackages().flatMap(({ migrations }) => migrations)
  const given = givenFiles(realPackages(), [join(process.cwd(), own?.path ?? ''), 'x.sql', './x.sql'], folder)
  const { findings, files } = await lintPackages(given.packages, { isWanted: (file) => given.files.has(file) })
  expect(files).toBe(2)
  expect(findings.map(({ rule }) => rule)).toEqual(['blocking_index_build'])
})

test('a file that is not there is refused', async () => {
  expect(await refusal(() => givenFiles([], ['nowhere.sql'], '/'))).toMatchObject({ code: 'file_unreadable', exit: 2 })
})

test.each([
  ['ends with a line end', '\n'],
  ['ends without one', ''],
])('a diff of a file that %s is what other tools apply', (_, end) => {
  const text = Array.from({ length: 30 }, (_, line) => `line ${line}`).join('\n') + end
  const at = (line: number) => text.indexOf(`line ${line}`)
  const replaced = (line: number) => ({ start: at(line), end: at(line) + 4, text: 'Line' })
  const all = [
    { start: 0, end: 0, text: 'new\n' },
    { start: at(3), end: at(4), text: '' },
    replaced(20),
    replaced(27),
    replaced(29),
  ]
  for (const edits of [all, all.slice(0, 3), [replaced(28)], [replaced(29)]]) {
    const folder = temporaryFolder()
    writeFiles(folder, { 'a.sql': text })
    execFileSync('git', ['apply', '-p0'], { cwd: folder, input: `${unifiedDiff('a.sql', text, edits)}\n` })
    expect(readFileSync(join(folder, 'a.sql'), 'utf8')).toBe(applyEdits(text, edits))
  }
})

test('a function may be named as no expression is', async () => {
  const functions = { 'a(b': 'CREATE FUNCTION app."a(b" () RETURNS void LANGUAGE plpgsql AS $$ BEGIN END $$;' }
  const { findings } = await lintPackages([packageOf([migration('SELECT app."a(b"();')], functions)])
  expect(findings.map(({ rule }) => rule)).toEqual(['early_function_call'])
})
