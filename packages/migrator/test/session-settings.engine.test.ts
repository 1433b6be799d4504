import { randomBytes } from 'node:crypto'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { onEachEngine } from '../../../test/engines.ts'
import { freshDatabase } from '../../../test/fresh-database.ts'
import { ledgerNames, migrate, packagesOf, query } from '../../../test/migrating.ts'
import { migration } from '../../../test/packages.ts'

const observe = `CREATE TABLE public.seen AS SELECT current_setting('search_path') AS path, current_setting('lock_timeout') AS lock,
  current_setting('TimeZone') AS zone, current_setting('statement_timeout') AS statement, current_user::text || ' ' || session_user AS users,
  to_regclass('pg_temp.leftover') IS NULL AS tidy, coalesce(current_setting('my.value', true), '') AS mine;`
const clean = { lock: '500ms', zone: 'UTC', statement: '0', tidy: true, mine: '' }

onEachEngine('what one migration SETs', (engine) => {
  const db = freshDatabase(engine)
  const suffix = randomBytes(4).toString('hex')
  const role = `athena_spec_owner_${suffix}`
  const plain = `athena_spec_plain_${suffix}`
  let login: object[] = []
  beforeAll(async () => {
    login = await query(
      db().database,
      "SELECT current_setting('search_path') AS path, current_user::text || ' ' || session_user AS users",
    )
  })
  beforeAll(() => query(db().database, `CREATE ROLE ${role} SUPERUSER; CREATE ROLE ${plain}`))
  afterAll(() => query(db().database, `DROP OWNED BY ${role}, ${plain} CASCADE; DROP ROLE ${role}, ${plain}`))

  /** A migration that leaves `dirt` behind, and one after it that looks. */
  async function after(dirt: string, head = ''): Promise<unknown> {
    const { database } = db()
    await migrate(
      database,
      packagesOf({
        a: {
          migrations: { '20260101000000_dirt': migration(dirt, '', head), '20260102000000_look': migration(observe) },
        },
      }),
    )
    expect(await ledgerNames(database)).toHaveLength(2)
    const [row] = await query<{ path: string; users: string }>(database, 'SELECT * FROM public.seen')
    expect([{ path: row?.path, users: row?.users }]).toEqual(login)
    return { ...row, path: undefined, users: undefined }
  }

  const allDirt = [
    ['search_path', 'SET search_path = pg_catalog;'],
    ['lock_timeout and statement_timeout', "SET lock_timeout = '7s'; SET statement_timeout = '7min';"],
    ['the time zone', "SET TimeZone = 'Asia/Tokyo';"],
    ['its role', `SET ROLE ${role};`],
    ['whose session it is', `SET SESSION AUTHORIZATION ${role};`],
    ['a setting by function', "SELECT set_config('search_path', '', false), set_config('my.value', 'x', false);"],
    ['a temporary table', 'CREATE TEMP TABLE leftover ();'],
  ] as const
  // PGlite's RESET SESSION AUTHORIZATION does nothing.
  const dirt = allDirt.filter(([what]) => engine.kind === 'server' || what !== 'whose session it is')

  test.each(dirt)('%s does not leak into the next one', async (_, sql) => {
    expect(await after(sql)).toEqual(clean)
  })

  test.each(dirt)('%s does not leak out of a migration without transaction', async (_, sql) => {
    expect(await after(sql, '--! no-transaction')).toEqual(clean)
  })

  test('does not leak into functions either', async () => {
    const { database } = db()
    const body = 'CREATE OR REPLACE FUNCTION public.path() RETURNS text LANGUAGE sql AS $$ SELECT 1::text $$;'
    const migrations = { '20260101000000_dirt': migration("SET search_path = ''; SET check_function_bodies = off;") }
    await migrate(database, packagesOf({ a: { migrations, functions: { path: `${body}\nCREATE TABLE seen ();` } } }))
    expect(await query(database, "SELECT to_regclass('public.seen')::text AS seen")).toEqual([{ seen: 'seen' }])
  })

  test('may be a role that has no right to write the ledger', async () => {
    const { database } = db()
    await query(database, `DO $$ BEGIN CREATE ROLE ${plain}; EXCEPTION WHEN duplicate_object THEN NULL; END $$`)
    await query(database, `CREATE SCHEMA shop AUTHORIZATION ${plain}`)
    const migrations = {
      '20260101000000_a': migration(
        `SET ROLE ${plain}; CREATE TABLE shop.t ();`,
        `SET LOCAL ROLE ${plain}; DROP TABLE shop.t;`,
      ),
    }
    await migrate(database, packagesOf({ a: { migrations } }))
    expect(await ledgerNames(database)).toHaveLength(1)
    await migrate(database, packagesOf({ a: { migrations } }), { direction: 'down' })
    expect(await ledgerNames(database)).toHaveLength(0)
  })

  test('counts within its own file', async () => {
    const { database } = db()
    const migrations = {
      '20260101000000_a': migration('CREATE SCHEMA shop; SET search_path = shop; CREATE TABLE t ();'),
    }
    await migrate(database, packagesOf({ a: { migrations } }))
    expect(await query(database, "SELECT to_regclass('shop.t') IS NOT NULL AS there")).toEqual([{ there: true }])
  })

  // A setting of a database counts for sessions opened later; the embedded one has its only session already.
  if (engine.kind === 'server')
    test('backslashes are what the file says, also where a site reads them otherwise', async () => {
      const { database, url } = db()
      await query(
        database,
        `ALTER DATABASE ${new URL(url ?? '').pathname.slice(1)} SET standard_conforming_strings = off`,
      )
      const body = String.raw`CREATE OR REPLACE FUNCTION public.pattern() RETURNS text LANGUAGE sql AS 'SELECT ''\S''::text';`
      const migrations = {
        '20260101000000_a': migration(String.raw`CREATE TABLE public.seen AS SELECT '\S'::text AS pattern;`),
      }
      await migrate(database, packagesOf({ a: { migrations, functions: { pattern: body } } }))
      expect(
        await query(database, 'SELECT pattern, prosrc FROM public.seen, pg_proc WHERE proname = $1', ['pattern']),
      ).toEqual([{ pattern: String.raw`\S`, prosrc: String.raw`SELECT '\S'::text` }])
    })

  test('is what its directive says of lock_timeout', async () => {
    const { database } = db()
    const migrations = { '20260101000000_a': migration(observe, '', '--! lock_timeout: 3s') }
    await migrate(database, packagesOf({ a: { migrations } }))
    expect(await query(database, 'SELECT lock FROM public.seen')).toEqual([{ lock: '3s' }])
  })
})
