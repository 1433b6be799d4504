import { expect, test } from 'vitest'
import { onEachEngine } from '../../../test/engines.ts'
import { freshDatabase } from '../../../test/fresh-database.ts'
import { everything, ledgerNames, migrate, packagesOf, query, withClient } from '../../../test/migrating.ts'
import { migration, type PackageSource } from '../../../test/packages.ts'
import { refusal } from '../../../test/refusals.ts'
import { apply, catalogue, plan } from '../src/index.ts'
import { planRedo, type RedoTarget, redo } from '../src/redo.ts'

const total =
  'CREATE OR REPLACE FUNCTION shop.total () RETURNS bigint LANGUAGE sql AS $$ SELECT count(*) FROM shop.notes $$;'
const shop: PackageSource = {
  athena: { variables: { size: { type: 'integer', default: 10 } } },
  migrations: {
    '20260101000000_create_shop': migration('CREATE SCHEMA shop;', 'DROP SCHEMA shop;'),
    '20260102000000_create_orders': migration(
      'CREATE TABLE shop.orders (note varchar(:size));',
      'DROP TABLE shop.orders;',
    ),
    '20260103000000_create_notes': migration('CREATE TABLE shop.notes ();', 'DROP TABLE shop.notes;'),
  },
  functions: { total },
}
const names = Object.keys(shop.migrations ?? {}).map((name) => `${name}@shop`)

onEachEngine('redo', (engine) => {
  const db = freshDatabase(engine)
  const planned = (target: RedoTarget = {}, source: PackageSource = shop) =>
    withClient(db().database, (client) => planRedo(client, packagesOf({ shop: source }), target))
  const snapshot = () => withClient(db().database, (client) => catalogue(client, ['shop']))

  test('takes the last migration back and applies it again, function and all', async () => {
    const { database } = db()
    await migrate(database, packagesOf({ shop }))
    await query(database, 'INSERT INTO shop.notes DEFAULT VALUES')
    const before = await snapshot()
    const done = await redo(database, await planned())
    expect(done.map(({ id, direction }) => [direction, id])).toEqual([
      ['down', names[2]],
      ['up', names[2]],
      ['up', 'shop/total'],
    ])
    expect(await snapshot()).toBe(before)
    expect(await query(database, 'SELECT shop.total()::int AS n')).toEqual([{ n: 0 }])
    expect(await ledgerNames(database)).toEqual(names)
    expect(await migrate(database, packagesOf({ shop }))).toEqual([])
  })

  test.each([
    ['--steps 2', { steps: 2 }, 2],
    ['a migration by its stamp', { from: '20260102000000' }, 2],
    ['a migration by its ledger name', { from: names[0] }, 3],
    ['more steps than there are', { steps: 9 }, 3],
  ])('goes back as far as it is told: %s', async (_, target, count) => {
    const { database } = db()
    await migrate(database, packagesOf({ shop }))
    const { down, up } = await planned(target)
    expect(down.migrations.map(({ id }) => id)).toEqual(names.slice(-count).toReversed())
    expect(up.migrations.map(({ id }) => id)).toEqual(names.slice(-count))
    await redo(database, await planned(target))
    expect(await ledgerNames(database)).toEqual(names)
  })

  test('keeps the values of variables, which are recorded only in the rows that it takes back', async () => {
    const { database } = db()
    await migrate(database, packagesOf({ shop }), { variables: { size: '77' } })
    const before = await snapshot()
    await redo(database, await planned({ steps: 3 }))
    expect(await snapshot()).toBe(before)
    expect(before).toContain('character varying(77)')
    expect(
      await query(database, "SELECT variables ->> 'size' AS size FROM athena_migrations.migrations ORDER BY id"),
    ).toEqual([{ size: null }, { size: '77' }, { size: null }])
  })

  test('leaves alone what is pending besides', async () => {
    const { database } = db()
    await migrate(database, packagesOf({ shop }), { to: '20260102000000' })
    const done = await redo(database, await planned())
    expect(done.map(({ id }) => id)).toEqual([names[1], names[1]])
    expect(await ledgerNames(database)).toEqual(names.slice(0, 2))
  })

  test('of a store where nothing is applied does nothing', async () => {
    expect(await redo(db().database, await planned())).toEqual([])
    expect(await query(db().database, "SELECT to_regnamespace('athena_migrations') AS ledger")).toEqual([
      { ledger: null },
    ])
  })

  const with3 = (up: string, down = 'DROP TABLE shop.notes;', head = ''): PackageSource => ({
    ...shop,
    migrations: { ...shop.migrations, '20260103000000_create_notes': migration(up, down, head) },
  })

  test.each<[string, string, PackageSource, RedoTarget]>([
    ['has no way back', 'irreversible', with3('CREATE TABLE shop.notes ();', '', '--! irreversible: it is gone'), {}],
    [
      'is not applied',
      'not_applied',
      { ...shop, migrations: { ...shop.migrations, '20260104000000_x': migration('SELECT 1;') } },
      { from: '20260104000000' },
    ],
    ['is unknown', 'unknown_target', shop, { from: '20260101000000_create_shp' }],
  ])('refuses what %s, before anything is done', async (_, code, source, target) => {
    const { database } = db()
    await migrate(database, packagesOf({ shop: source }), { to: '20260103000000' })
    const before = await everything(database)
    expect((await refusal(() => planned({ steps: 3, ...target }, source))).code).toBe(code)
    expect(await everything(database)).toBe(before)
  })

  test('refuses a file that was changed after it was applied', async () => {
    await migrate(db().database, packagesOf({ shop }))
    const changed = with3('CREATE TABLE shop.notes (); -- a comment')
    expect((await refusal(() => planned({}, changed))).code).toBe('changed_file')
  })

  test('that fails on its way up says what is missing now; migrate up goes on from there', async () => {
    const { database } = db()
    const once = with3(
      'CREATE TABLE shop.notes (); INSERT INTO shop.orders SELECT 1 / count(*) FROM public.allowed;',
      'DROP TABLE shop.notes;',
    )
    await query(database, 'CREATE TABLE public.allowed (); INSERT INTO public.allowed DEFAULT VALUES')
    await migrate(database, packagesOf({ shop: once }))
    await query(database, 'TRUNCATE public.allowed')
    const redoing = await planned({ steps: 2 }, once)
    const error = await refusal(() => redo(database, redoing))
    expect(error.code).toBe('migration_failed')
    expect(error.detail).toContain('division by zero')
    expect(error.detail).toContain(`Taken back, and not applied again yet: ${names[2]}.`)
    expect(error.hint).toContain('athena migrate up')
    expect(await ledgerNames(database)).toEqual(names.slice(0, 2))
    await query(database, 'INSERT INTO public.allowed DEFAULT VALUES')
    expect((await migrate(database, packagesOf({ shop: once }))).map(({ id }) => id)).toEqual([names[2], 'shop/total'])
  })

  test('that fails on its way down changes nothing but what it says', async () => {
    const { database } = db()
    await migrate(database, packagesOf({ shop }))
    await query(database, 'CREATE VIEW public.uses AS SELECT * FROM shop.orders')
    const redoing = await planned({ steps: 3 })
    const error = await refusal(() => redo(database, redoing))
    expect(error.detail).toContain(`Taken back, and not applied again yet: ${names[2]}.`)
    await migrate(database, packagesOf({ shop }))
    expect(await ledgerNames(database)).toEqual(names)
    expect(await query(database, 'SELECT shop.total()::int AS n')).toEqual([{ n: 0 }])
  })

  test('refuses when another run has changed what would be taken back', async () => {
    const { database } = db()
    await migrate(database, packagesOf({ shop }), { to: '20260102000000' })
    const old = await planned()
    const rest = await withClient(database, (client) => plan(client, packagesOf({ shop }), { direction: 'up' }))
    await apply(database, rest)
    const before = await everything(database)
    const error = await refusal(() => redo(database, old))
    expect(error.code).toBe('plan_changed')
    expect(error.detail).toContain(names[2])
    expect(await everything(database)).toBe(before)
  })

  test('finishes a migration that was interrupted on its way down, and applies it again', async () => {
    const { database } = db()
    const halves = with3(
      'CREATE TABLE shop.notes (); CREATE TABLE shop.more ();',
      'DROP TABLE shop.more; DROP TABLE shop.notes;',
      '--! no-transaction',
    )
    await migrate(database, packagesOf({ shop: halves }))
    await query(database, 'CREATE VIEW public.uses AS SELECT * FROM shop.notes')
    await refusal(() => migrate(database, packagesOf({ shop: halves }), { direction: 'down' }))
    await query(database, 'DROP VIEW public.uses')
    await redo(database, await planned({}, halves))
    expect(await query(database, "SELECT to_regclass('shop.more') IS NOT NULL AS there")).toEqual([{ there: true }])
    expect(await query(database, 'SELECT * FROM athena_migrations.attempts')).toEqual([])
  })
})
