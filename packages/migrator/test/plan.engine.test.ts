import { expect, test } from 'vitest'
import { onEachEngine } from '../../../test/engines.ts'
import { freshDatabase } from '../../../test/fresh-database.ts'
import { everything, migrate, packagesOf, query, withClient } from '../../../test/migrating.ts'
import { migration, type PackageSource } from '../../../test/packages.ts'
import { realPackages } from '../../../test/real-packages.ts'
import { refusal } from '../../../test/refusals.ts'
import { plan, type Target } from '../src/index.ts'
import { toScript } from '../src/script/script.ts'

const shop: PackageSource = {
  migrations: {
    '20260101000000_create_shop': migration('CREATE SCHEMA shop;', 'DROP SCHEMA shop;'),
    '20260102000000_create_orders': migration('CREATE TABLE shop.orders ();', 'DROP TABLE shop.orders;'),
    '20260103000000_index': migration('VACUUM shop.orders;', '', '--! no-transaction'),
  },
  functions: { one: 'CREATE OR REPLACE FUNCTION shop.one () RETURNS int LANGUAGE sql AS $$ SELECT 1 $$;' },
}

onEachEngine('a plan', (engine) => {
  const db = freshDatabase(engine)
  const planned = (packages = packagesOf({ shop }), target: Partial<Target> = {}) =>
    withClient(db().database, (client) => plan(client, packages, { direction: 'up', ...target }))

  test('says what would be done, and changes nothing: no ledger, no schema', async () => {
    const { database } = db()
    const before = await everything(database)
    const { migrations, functions } = await planned()
    expect(migrations.map(({ id, statements }) => [id, statements.length])).toEqual([
      ['20260101000000_create_shop@shop', 1],
      ['20260102000000_create_orders@shop', 1],
      ['20260103000000_index@shop', 1],
    ])
    expect(functions.map(({ action, package: name, name: file }) => `${action} ${name}/${file}`)).toEqual([
      'apply shop/one',
    ])
    expect(await everything(database)).toBe(before)
    expect(before).not.toContain('athena_migrations')
  })

  test.each([
    ['of what is pending', { direction: 'up' as const }],
    ['of the way down', { direction: 'down' as const, to: 'zero' }],
    ['of one step down', { direction: 'down' as const }],
  ])('%s changes nothing where something is applied', async (_, target) => {
    const { database } = db()
    await migrate(database, packagesOf({ shop }), { to: '20260102000000' })
    const before = await everything(database)
    toScript(await planned(packagesOf({ shop }), target))
    expect(await everything(database)).toBe(before)
  })

  test('of the packages of athena-pg changes nothing', async () => {
    const { database } = db()
    const before = await everything(database)
    expect(toScript(await planned(realPackages()))).toContain('CREATE TABLE athena.memories')
    expect(await everything(database)).toBe(before)
  })

  test('is empty where everything is applied', async () => {
    const { database } = db()
    await migrate(database, packagesOf({ shop }))
    expect(await planned()).toMatchObject({ migrations: [], functions: [], notes: [] })
  })

  test('goes down in the order of application, functions first', async () => {
    await migrate(db().database, packagesOf({ shop }))
    const { migrations, functions } = await planned(packagesOf({ shop }), { direction: 'down', steps: 2 })
    expect(functions.map(({ action, name }) => `${action} ${name}`)).toEqual(['drop one'])
    expect(migrations.map(({ file }) => file.name)).toEqual(['20260103000000_index', '20260102000000_create_orders'])
  })

  test.each([
    [
      'an extension that the server does not have',
      { extensions: { no_such_extension: '1.0' } },
      'extension_missing',
      'needs no_such_extension 1.0 or later',
      'Install no_such_extension on the server',
    ],
    [
      'a later pgvector than the server has',
      { extensions: { vector: '99.1' } },
      'extension_too_old',
      'needs 99.1 or later',
      'Install a later vector',
    ],
    ['a later PostgreSQL', { postgres: 99 }, 'postgres_too_old', 'needs PostgreSQL 99 or later', 'Upgrade the server'],
  ])('that needs %s is refused before anything is done', async (_, requires, code, detail, hint) => {
    const error = await refusal(() => migrate(db().database, packagesOf({ shop: { ...shop, athena: { requires } } })))
    expect(error.code).toBe(code)
    expect(error.detail).toContain(detail)
    expect(error.hint).toContain(hint)
    expect(await query(db().database, "SELECT to_regnamespace('athena_migrations') AS ledger")).toEqual([
      { ledger: null },
    ])
  })

  test('that needs an extension that is installed in an older version says how to update it', async () => {
    await query(db().database, 'CREATE EXTENSION vector')
    const error = await refusal(() =>
      planned(packagesOf({ shop: { ...shop, athena: { requires: { extensions: { vector: '99' } } } } })),
    )
    expect(error.detail).toMatch(/^Installed is 0\.8\.\d+; shop needs 99 or later\.$/)
    expect(error.hint).toContain('ALTER EXTENSION vector UPDATE;')
  })
})
