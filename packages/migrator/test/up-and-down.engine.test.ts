import { expect, test } from 'vitest'
import { onEachEngine } from '../../../test/engines.ts'
import { freshDatabase } from '../../../test/fresh-database.ts'
import { everything, ledgerNames, migrate, packagesOf, query, withClient } from '../../../test/migrating.ts'
import { migration, type PackageSource, temporaryFolder, writeFiles } from '../../../test/packages.ts'
import { catalogue, discover } from '../src/index.ts'

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

  test('go up in one timeline of all packages, ties by dependency; two may hold the same file name', async () => {
    const { database } = db()
    const applied = await migrate(database, packages())
    expect(applied.map(({ id, kind, direction }) => [id, kind, direction])).toEqual(
      names.map((name) => [name, 'migration', 'up']),
    )
    expect(await ledgerNames(database)).toEqual(names)
    expect(await query(database, 'SELECT count::int FROM shop.totals')).toEqual([{ count: 2 }])
    expect(await query(database, 'SELECT note FROM shop.orders LIMIT 1')).toEqual([{ note: ';\'"--' }])
  })

  test('leave a whole row each: package, version, file, checksum, who and how long', async () => {
    const { database } = db()
    const [pack] = packages()
    await migrate(database, packagesOf({ shop: { ...shop, version: '1.2.3' } }))
    const rows = await query(
      database,
      `SELECT package, version, file, checksum, variables, applied_by = current_user AS mine, duration >= interval '0' AS timed
         FROM athena_migrations.migrations ORDER BY id LIMIT 1`,
    )
    expect(rows).toEqual([
      {
        package: 'shop',
        version: '1.2.3',
        file: '20260101000000_create_shop',
        checksum: pack?.migrations[0]?.checksum,
        variables: {},
        mine: true,
        timed: true,
      },
    ])
  })

  test('are nothing to do the second time', async () => {
    const { database } = db()
    await migrate(database, packages())
    const before = await everything(database)
    expect(await migrate(database, packages())).toEqual([])
    expect(await everything(database)).toBe(before)
  })

  test('go down to zero and up again to the same catalogue', async () => {
    const { database } = db()
    const snapshot = () => withClient(database, (client) => catalogue(client, ['shop', 'athena_migrations']))
    await migrate(database, packages())
    const up = await snapshot()
    const down = await migrate(database, packages(), { direction: 'down', to: 'zero' })
    expect(down.map(({ id }) => id)).toEqual(names.toReversed())
    expect(await ledgerNames(database)).toEqual([])
    expect(await snapshot()).not.toContain('shop')
    await migrate(database, packages())
    expect(await snapshot()).toBe(up)
  })

  test('of a project whose name needs quoting go up and down', async () => {
    const { database } = db()
    const project = temporaryFolder()
    writeFiles(project, {
      'package.json': JSON.stringify({ name: `it's "mine"; --` }),
      'migrations/20260101000000_create_shop.sql': shop.migrations?.['20260101000000_create_shop'] ?? '',
    })
    const own = discover({ packages: [], migrations: 'migrations', project })
    await migrate(database, own)
    expect(await query(database, 'SELECT name, package FROM athena_migrations.migrations')).toEqual([
      { name: '20260101000000_create_shop@it_s__mine___--', package: `it's "mine"; --` },
    ])
    await migrate(database, own, { direction: 'down' })
    expect(await ledgerNames(database)).toEqual([])
  })

  test('are applied once by two runs at the same time in one process', async () => {
    const { database } = db()
    const runs = await Promise.all([
      migrate(database, packages()),
      migrate(database, packages()),
      migrate(database, packages()),
    ])
    expect(
      runs
        .flat()
        .map(({ id }) => id)
        .sort(),
    ).toEqual(names.toSorted())
    expect(await ledgerNames(database)).toEqual(names)
  })
})
