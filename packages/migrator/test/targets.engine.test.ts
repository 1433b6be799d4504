import { expect, test } from 'vitest'
import { onEachEngine } from '../../../test/engines.ts'
import { freshDatabase } from '../../../test/fresh-database.ts'
import { ledgerNames, migrate, packagesOf } from '../../../test/migrating.ts'
import { migration, type PackageSource } from '../../../test/packages.ts'
import { refusal } from '../../../test/refusals.ts'

const shop: PackageSource = {
  migrations: {
    '20260101000000_create_shop': migration('CREATE SCHEMA shop;', 'DROP SCHEMA shop;'),
    '20260103000000_create_orders': migration(
      `CREATE TABLE shop.orders (id int PRIMARY KEY, note text DEFAULT ';''"--');
       INSERT INTO shop.orders VALUES (1), (2); COMMENT ON TABLE shop.orders IS 'it''s; a "table"';`,
      'DROP TABLE shop.orders;',
    ),
  },
}
const reports: PackageSource = {
  dependencies: ['shop'],
  migrations: {
    '20260102000000_create_reports': migration('CREATE TABLE shop.reports ();', 'DROP TABLE shop.reports;'),
    '20260103000000_create_orders': migration(
      'CREATE VIEW shop.totals AS SELECT count(*) FROM shop.orders;',
      'DROP VIEW shop.totals;',
    ),
  },
}
const names = [
  '20260101000000_create_shop@shop',
  '20260102000000_create_reports@reports',
  '20260103000000_create_orders@shop',
  '20260103000000_create_orders@reports',
]

onEachEngine('migrations', (engine) => {
  const db = freshDatabase(engine)
  const packages = () => packagesOf({ shop, reports })

  test.each([
    ['one by default', {}, 3],
    ['as many as asked', { steps: 3 }, 1],
    ['to a migration, which stays', { to: names[1] }, 2],
    ['to a stamp', { to: '20260102000000' }, 2],
    ['to a file', { to: '20260102000000_create_reports.sql' }, 2],
  ])('go down %s', async (_, target, left) => {
    const { database } = db()
    await migrate(database, packages())
    await migrate(database, packages(), { direction: 'down', ...target })
    expect(await ledgerNames(database)).toEqual(names.slice(0, left))
  })

  test('go up to a migration and no further, and the rest follows later', async () => {
    const { database } = db()
    await migrate(database, packages(), { to: '20260103000000_create_orders@shop' })
    expect(await ledgerNames(database)).toEqual(names.slice(0, 3))
    await migrate(database, packages())
    expect(await ledgerNames(database)).toEqual(names)
  })

  test('go up and down for one package alone', async () => {
    const { database } = db()
    await migrate(database, packages(), { only: ['shop'] })
    expect(await ledgerNames(database)).toEqual([names[0], names[2]])
    await migrate(database, packages())
    await migrate(database, packages(), { direction: 'down', to: 'zero', only: ['reports'] })
    expect(await ledgerNames(database)).toEqual([names[0], names[2]])
  })

  test('that arrive late are refused within a package, and welcome from another', async () => {
    const { database } = db()
    await migrate(database, packagesOf({ shop }))
    const late = { '20260102000000_add_late': migration('CREATE TABLE shop.late ();', 'DROP TABLE shop.late;') }
    const error = await refusal(() =>
      migrate(database, packagesOf({ shop: { migrations: { ...shop.migrations, ...late } } })),
    )
    expect(error.code).toBe('out_of_order')
    expect(error.message).toContain('20260102000000_add_late@shop')
    expect(error.detail).toContain('20260103000000_create_orders')
    await migrate(database, packages())
    // Applied last, so taken back first, whatever the timeline says.
    await migrate(database, packages(), { direction: 'down', steps: 2 })
    expect(await ledgerNames(database)).toEqual([names[0], names[2]])
  })

  test.each([
    [
      'a target that nothing is called',
      { to: '20260103000000_create_order' },
      'unknown_target',
      'Did you mean 20260103000000_create_orders?',
    ],
    ['a target that two are called', { to: '20260103000000' }, 'unknown_target', 'with its package'],
    ['a package that is not there', { only: ['shp'] }, 'unknown_package', 'Did you mean shop?'],
    [
      'going down to what is not applied',
      { direction: 'down' as const, to: names[0] },
      'not_applied',
      'athena migrate status',
    ],
  ])('refuse %s', async (_, target, code, hint) => {
    const error = await refusal(() => migrate(db().database, packages(), target))
    expect(error.code).toBe(code)
    expect(error.hint).toContain(hint)
  })

  test('that have no way back say why', async () => {
    const { database } = db()
    const merged = { '20260101000000_merge': migration('SELECT 1;', '', '--! irreversible: rows are merged') }
    const only = packagesOf({ shop: { migrations: merged } })
    await migrate(database, only)
    const error = await refusal(() => migrate(database, only, { direction: 'down' }))
    expect(error).toMatchObject({ code: 'irreversible', detail: 'rows are merged' })
    expect(await ledgerNames(database)).toHaveLength(1)
  })
})
