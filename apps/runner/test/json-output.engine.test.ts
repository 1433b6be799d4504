import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { onEachEngine, type TestDatabase } from '../../../test/engines.ts'
import { query } from '../../../test/migrating.ts'
import { installed, migration, temporaryFolder, writeFiles } from '../../../test/packages.ts'
import type { Outcome } from './athena.ts'
import { inProcess } from './in-process.ts'
import { conforming } from './json-schemas.ts'
import { fileWith, installStore, jsonLines } from './store.ts'

const create = migration(
  'CREATE SCHEMA athena; CREATE TABLE athena.notes (id int);',
  'DROP TABLE athena.notes; DROP SCHEMA athena;',
)
const index = migration(
  'CREATE INDEX CONCURRENTLY idx_notes ON athena.notes (id);',
  'DROP INDEX CONCURRENTLY athena.idx_notes;',
  '--! no-transaction',
)
const notes = {
  migrations: { '20260101000000_create': create, '20260102000000_index': index },
  functions: { one: 'CREATE OR REPLACE FUNCTION athena.one () RETURNS int LANGUAGE sql AS $$ SELECT 1 $$;' },
}

interface Project {
  db: TestDatabase
  cwd: string
  run(...args: string[]): Promise<{ status: Outcome['status']; value: object }>
}

/** A folder from which commands work on the database. */
function project(db: TestDatabase): Project {
  const cwd = temporaryFolder()
  return {
    db,
    cwd,
    async run(...args) {
      const outcome = await inProcess(args, cwd, db.database)
      const words = args.slice(0, args[0] === 'migrate' ? 2 : 1)
      return { status: outcome.status, value: await conforming(words, outcome) }
    },
  }
}

onEachEngine('what --json prints has the form that is published', (engine) => {
  describe('of migrations', () => {
    let here: Project
    beforeAll(async () => {
      here = project(await engine.create())
      installed({ notes }, here.cwd)
      writeFileSync(join(here.cwd, 'athena.config.json'), '{"packages": ["notes"]}')
    })
    afterAll(() => here.db.drop())

    const sql = (text: string) => query(here.db.database, text)

    // One story: each step finds what the one before it left.
    test('from nothing applied to nothing applied', { timeout: 120_000 }, async () => {
      const { run, cwd } = here
      expect(await run('migrate', 'status')).toMatchObject({ status: 3, value: { state: 'pending', applied: [] } })
      expect(await run('migrate', 'plan')).toMatchObject({
        status: 0,
        value: { migrations: [{}, { transaction: false }] },
      })
      expect(await run('migrate', 'plan', '--show-sql')).toMatchObject({
        status: 0,
        value: { sql: expect.stringMatching(/CREATE INDEX/) },
      })
      expect(await run('migrate', 'up', '--show-sql')).toMatchObject({
        status: 0,
        value: { sql: expect.stringMatching(/CREATE INDEX/) },
      })
      expect(await run('migrate', 'up', '--dry-run')).toMatchObject({
        status: 0,
        value: { functions: [{ file: 'one' }] },
      })
      expect(await run('migrate', 'up', '--to', 'nowhere')).toMatchObject({ status: 2, value: { error: {} } })
      expect(await run('migrate', 'up', '--wait', 'long')).toMatchObject({ status: 2, value: { error: {} } })
      expect(await run('migrate', 'up')).toMatchObject({
        status: 0,
        value: { applied: [{}, {}, { kind: 'function' }] },
      })
      expect(await run('migrate', 'up')).toMatchObject({ status: 0, value: { applied: [] } })
      expect(await run('migrate', 'up', '--dry-run')).toMatchObject({ status: 0, value: { migrations: [] } })
      expect(await run('migrate', 'status')).toMatchObject({ status: 0, value: { state: 'up_to_date' } })

      await sql('DROP FUNCTION athena.one')
      expect(await run('migrate', 'status')).toMatchObject({ status: 4, value: { functions: [{ state: 'missing' }] } })
      await sql("CREATE FUNCTION athena.one () RETURNS int LANGUAGE sql AS 'SELECT 1'")
      await sql("UPDATE pg_index SET indisvalid = false WHERE indexrelid = 'athena.idx_notes'::regclass")
      expect(await run('migrate', 'status')).toMatchObject({
        status: 4,
        value: { invalidIndexes: ['athena.idx_notes'] },
      })
      await sql('REINDEX INDEX athena.idx_notes')

      const extra = 'node_modules/notes/migrations/20260103000000_more.sql'
      writeFiles(cwd, { [extra]: migration('SELECT 1;') })
      expect(await run('migrate', 'status')).toMatchObject({ status: 3, value: { pending: [{}], changed: [] } })
      installed({ notes: { migrations: { '20260101000000_create': `${create}-- more\n` } } }, cwd)
      // Drifted goes before pending.
      writeFiles(cwd, { [extra]: migration('SELECT 1;') })
      const drifted = await run('migrate', 'status')
      expect(drifted).toMatchObject({ status: 4, value: { state: 'drifted', pending: [{}] } })
      expect(drifted.value).toMatchObject({ changed: [{ checksum: expect.any(String) }, { checksum: null }] })
      expect(await run('migrate', 'up')).toMatchObject({ status: 1, value: { error: { code: 'changed_file' } } })

      installed({ notes: { ...notes, functions: { one: notes.functions.one.replace('SELECT 1', 'SELECT 2') } } }, cwd)
      expect(await run('migrate', 'status')).toMatchObject({ status: 3, value: { functions: [{ state: 'changed' }] } })
      installed({ notes: { migrations: notes.migrations } }, cwd)
      expect(await run('migrate', 'status')).toMatchObject({ status: 3, value: { functions: [{ state: 'removed' }] } })
      installed({ notes }, cwd)

      expect(await run('migrate', 'down', '--dry-run')).toMatchObject({ status: 0, value: { direction: 'down' } })
      expect(await run('migrate', 'down', '--show-sql')).toMatchObject({
        status: 0,
        value: { sql: expect.stringMatching(/DROP INDEX/) },
      })
      expect(await run('migrate', 'down', '--steps', 'x')).toMatchObject({ status: 2, value: { error: {} } })
      expect(await run('migrate', 'down', '--to', 'zero')).toMatchObject({ status: 0, value: { applied: [{}, {}] } })
      expect(await run('migrate', 'down')).toMatchObject({ status: 0, value: { applied: [] } })
      expect(await run('migrate', 'new', 'notes', 'twice', 'over')).toMatchObject({ status: 2, value: { error: {} } })
      expect(await run('migrate', 'new', 'add-tags')).toMatchObject({
        status: 0,
        value: { file: expect.stringMatching(/add_tags\.sql$/) },
      })
    })
  })

  describe('of a store', () => {
    let here: Project
    beforeAll(async () => {
      const db = await engine.create()
      await installStore(db.database)
      here = project(db)
    })
    afterAll(() => here.db.drop())

    test('that remembers and is searched', { timeout: 120_000 }, async () => {
      const { run, cwd } = here
      expect(await run('ping')).toMatchObject({ status: 0, value: { server: { pgvector: { creatable: true } } } })
      expect(await run('remember', fileWith('Locks are taken by trying.'), '--dry-run')).toMatchObject({
        status: 0,
        value: { remembered: 1 },
      })
      const memory = jsonLines({
        content: 'Deploys happen on Tuesdays',
        tags: ['ops'],
        embedding: [1, 0, 0],
        metadata: { a: { b: 1 } },
      })
      expect(await run('remember', memory)).toMatchObject({ status: 0, value: { remembered: 1, known: 0 } })
      expect(await run('remember', memory)).toMatchObject({ status: 0, value: { remembered: 0, known: 1 } })
      expect(await run('remember', jsonLines({ text: 'x' }))).toMatchObject({ status: 1, value: { error: {} } })
      const found = (match: string) => ({ status: 0, value: { results: [{ match }] } })
      expect(await run('search', 'deploys tuesdays')).toMatchObject(found('all_words'))
      expect(await run('search', 'deploys mondays')).toMatchObject(found('some_words'))
      expect(await run('search', '--vector', '[1,0,0]')).toMatchObject(found('vector'))
      expect(await run('search', 'nonsense')).toMatchObject({ status: 0, value: { results: [] } })
      expect(await run('search', 'x', '--project', 'y')).toMatchObject({ status: 1, value: { error: {} } })
      expect(await run('search', 'x', '--limit', '0')).toMatchObject({ status: 2, value: { error: {} } })
      expect(await run('init', '--dry-run')).toMatchObject({
        status: 0,
        value: { packages: [{}, {}, {}].map(() => expect.any(String)) },
      })
      writeFiles(cwd, { 'migrations/.keep': '' })
      expect(await run('init', '--dimensions', '3')).toMatchObject({
        status: 0,
        value: { config: { migrations: './migrations' } },
      })
      expect(await run('init')).toMatchObject({ status: 1, value: { error: { code: 'config_exists' } } })
    })
  })
})
