import { expect, test } from 'vitest'
import { onEachEngine } from '../../../test/engines.ts'
import { freshDatabase } from '../../../test/fresh-database.ts'
import { migrate, packagesOf, query, withClient } from '../../../test/migrating.ts'
import { migration, type PackageSource } from '../../../test/packages.ts'
import { refusal } from '../../../test/refusals.ts'
import { eventually } from '../../../test/waiting.ts'
import { status } from '../src/index.ts'

const notes: PackageSource = {
  migrations: {
    '20260101000000_create': migration(
      'CREATE SCHEMA athena; CREATE TABLE athena.notes (id int);',
      'DROP TABLE athena.notes; DROP SCHEMA athena;',
    ),
    '20260102000000_index': migration(
      'CREATE INDEX CONCURRENTLY idx_notes ON athena.notes (id);',
      'DROP INDEX CONCURRENTLY athena.idx_notes;',
      '--! no-transaction',
    ),
  },
  functions: {
    one: 'CREATE OR REPLACE FUNCTION athena.one (a int, b text[], c timestamptz) RETURNS int LANGUAGE sql AS $$ SELECT 1 $$;',
  },
}

onEachEngine('what is recorded and is not so', (engine) => {
  const db = freshDatabase(engine)
  const statusOf = (source: PackageSource = notes) =>
    withClient(db().database, (client) => status(client, packagesOf({ notes: source })))
  const damage = async () => {
    const { functions, invalidIndexes } = await statusOf()
    return { functions: functions.map(({ state }) => state), invalidIndexes }
  }
  const whole = { functions: ['applied'], invalidIndexes: [] }
  const invalidate = (name: string) =>
    query(db().database, `UPDATE pg_index SET indisvalid = false WHERE indexrelid = '${name}'::regclass`)

  test('is nothing before and after migrating', async () => {
    expect(await damage()).toEqual({ functions: ['pending'], invalidIndexes: [] })
    await migrate(db().database, packagesOf({ notes }))
    expect(await damage()).toEqual(whole)
  })

  test('is a function that was dropped, and not one that was put back', async () => {
    const { database } = db()
    await migrate(database, packagesOf({ notes }))
    await query(database, 'DROP FUNCTION athena.one')
    expect(await damage()).toEqual({ functions: ['missing'], invalidIndexes: [] })
    await query(database, 'CREATE FUNCTION athena.one (int) RETURNS int LANGUAGE sql AS $$ SELECT 1 $$')
    expect((await damage()).functions).toEqual(['missing'])
    await query(
      database,
      'CREATE FUNCTION athena.one (int, text[], timestamptz) RETURNS int LANGUAGE sql AS $$ SELECT 1 $$',
    )
    expect(await damage()).toEqual(whole)
  })

  test('is an invalid index of the schema athena, and not one of another schema', async () => {
    const { database } = db()
    await migrate(database, packagesOf({ notes }))
    await query(database, 'CREATE SCHEMA other; CREATE TABLE other.t (id int); CREATE INDEX idx_other ON other.t (id)')
    await invalidate('other.idx_other')
    expect(await damage()).toEqual(whole)
    await invalidate('athena.idx_notes')
    expect(await damage()).toEqual({ functions: ['applied'], invalidIndexes: ['athena.idx_notes'] })
    await query(database, 'REINDEX INDEX athena.idx_notes')
    expect(await damage()).toEqual(whole)
  })

  test('is not the leftover of a migration that the next run finishes', async () => {
    const { database } = db()
    await migrate(database, packagesOf({ notes }))
    const pending: PackageSource = {
      ...notes,
      migrations: {
        ...notes.migrations,
        '20260103000000_unique': migration(
          'CREATE UNIQUE INDEX CONCURRENTLY idx_unique ON athena.notes (id);',
          '',
          '--! no-transaction',
        ),
      },
    }
    await query(database, 'INSERT INTO athena.notes VALUES (1), (1)')
    await refusal(() => migrate(database, packagesOf({ notes: pending })))
    await query(database, 'CREATE INDEX idx_left ON athena.notes (id)')
    await invalidate('athena.idx_left')
    expect(await statusOf(pending)).toMatchObject({ invalidIndexes: [], pending: [{ name: '20260103000000_unique' }] })
    await query(database, 'DELETE FROM athena.notes')
    await migrate(database, packagesOf({ notes: pending }))
    expect((await statusOf(pending)).invalidIndexes).toEqual(['athena.idx_left'])
  })

  test('is asked for without writing, and the settings of the session stay', async () => {
    const { database } = db()
    await migrate(database, packagesOf({ notes }))
    const settings = await withClient(database, async (client) => {
      await client.query('SET default_transaction_read_only = on; SET search_path = pg_temp')
      await status(client, packagesOf({ notes }))
      const { rows } = await client.query(
        "SELECT current_setting('search_path') AS path, now() = statement_timestamp() AS alone",
      )
      await client.query('RESET ALL')
      return rows[0]
    })
    expect(settings).toEqual({ path: 'pg_temp', alone: true })
  })

  if (engine.kind === 'server')
    test('is not an invalid index while a run goes on, which builds in several steps', async () => {
      const { database } = db()
      await migrate(database, packagesOf({ notes }))
      await invalidate('athena.idx_notes')
      const runner = await database.open('spec runner')
      await runner.query("SELECT pg_advisory_lock(hashtext(current_database()), hashtext('athena_migrations work'))")
      expect(await damage()).toEqual(whole)
      await runner.end()
      await eventually('the lock to be gone', async () => (await damage()).invalidIndexes.length === 1)
    })

  // The embedded database has one session: nobody can look while it builds.
  if (engine.kind === 'server')
    test('is not an index that somebody is building', async () => {
      const { database } = db()
      await migrate(database, packagesOf({ notes }))
      const writer = await database.open('spec writer')
      await writer.query('BEGIN; INSERT INTO athena.notes VALUES (1)')
      const builder = await database.open('spec builder')
      const built = builder
        .query('CREATE INDEX CONCURRENTLY idx_slow ON athena.notes (id)')
        .catch((error: { code?: string }) => error.code)
      await eventually('the invalid index to be there', async () => {
        const found = await query(database, "SELECT FROM pg_index WHERE indexrelid = to_regclass('athena.idx_slow')")
        return found.length > 0
      })
      expect(await damage()).toEqual(whole)
      await query(
        database,
        "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = current_database() AND application_name = 'athena spec builder'",
      )
      expect(await built).toBe('57P01')
      await writer.query('ROLLBACK')
      expect(await damage()).toEqual({ functions: ['applied'], invalidIndexes: ['athena.idx_slow'] })
      await Promise.all([writer.end(), builder.end().catch(() => undefined)])
    })
})
