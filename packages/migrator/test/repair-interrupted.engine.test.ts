import { expect, test } from 'vitest'
import { onEachEngine } from '../../../test/engines.ts'
import { freshDatabase } from '../../../test/fresh-database.ts'
import { ledgerNames, migrate, packagesOf, query, withClient } from '../../../test/migrating.ts'
import { migration } from '../../../test/packages.ts'
import { refusal } from '../../../test/refusals.ts'
import type { MigrationPackage } from '../src/index.ts'
import { ledgerFaults, planRepair, type RepairTarget, readRepairs, repair } from '../src/repair/repair.ts'

const first = '20260101000000_create_shop'
const second = '20260102000000_create_tables'
const name = `${second}@shop`
const head = '--! no-transaction'
const downs = 'DROP TABLE shop.c; DROP TABLE shop.b; DROP TABLE shop.a;'

/** Each statement of `up` after the second one fails while public.stop is there. */
const stop = "DO $$ BEGIN IF to_regclass('public.stop') IS NOT NULL THEN RAISE EXCEPTION 'stopped'; END IF; END $$;"
const shop = (up: string, down = downs, top = head) =>
  packagesOf({
    shop: {
      migrations: {
        [first]: migration('CREATE SCHEMA shop;', 'DROP SCHEMA shop CASCADE;'),
        [second]: migration(up, down, top),
      },
    },
  })
const asRun = `CREATE TABLE shop.a (); CREATE TABLE shop.b (id int); ${stop} CREATE TABLE shop.c ();`

onEachEngine('repair of an interrupted migration', (engine) => {
  const db = freshDatabase(engine)
  const planned = (packages: readonly MigrationPackage[], way: RepairTarget['way']) =>
    withClient(db().database, (client) => planRepair(client, packages, { way, migrations: [second] }))
  const mend = async (packages: readonly MigrationPackage[], way: RepairTarget['way']) =>
    repair(db().database, await planned(packages, way), 'a reason')
  const faults = (packages: readonly MigrationPackage[]) =>
    withClient(db().database, async (client) => (await ledgerFaults(client, packages)).map(({ fault }) => fault))
  const attempts = () => query(db().database, 'SELECT direction, done FROM athena_migrations.attempts')

  async function interruptUp(): Promise<void> {
    await query(db().database, 'CREATE TABLE public.stop ()')
    expect((await refusal(() => migrate(db().database, shop(asRun)))).detail).toContain('stopped')
    await query(db().database, 'DROP TABLE public.stop')
    expect(await attempts()).toEqual([{ direction: 'up', done: 2 }])
  }

  async function interruptDown(): Promise<void> {
    await migrate(db().database, shop(asRun))
    await query(db().database, 'CREATE VIEW public.uses AS SELECT * FROM shop.b')
    await refusal(() => migrate(db().database, shop(asRun), { direction: 'down' }))
    expect(await attempts()).toEqual([{ direction: 'down', done: 1 }])
  }

  test('accepts statements that are done as the file has them now, and goes on after them', async () => {
    const { database } = db()
    await interruptUp()
    const corrected = shop(asRun.replace('id int', 'id bigint'))
    expect((await refusal(() => migrate(database, corrected))).code).toBe('changed_attempt')
    await query(database, 'ALTER TABLE shop.b ALTER COLUMN id TYPE bigint')
    const { repairs } = await planned(corrected, 'accept')
    expect(repairs[0]?.effects.join('\n')).toContain('The first 2 of the 4 statements')
    expect(repairs[0]?.effects.join('\n')).toContain('begins with: DO $$ BEGIN')
    await mend(corrected, 'accept')
    await migrate(database, corrected)
    expect(await ledgerNames(database)).toEqual([`${first}@shop`, name])
    expect(await query(database, "SELECT to_regclass('shop.c') IS NOT NULL AS there")).toEqual([{ there: true }])
    expect(await attempts()).toEqual([])
    expect(await withClient(database, readRepairs)).toMatchObject([{ kind: 'accepted', id: name }])
  })

  test('accepts a file with fewer statements than are done: nothing of it is left', async () => {
    const { database } = db()
    await interruptUp()
    const shorter = shop('CREATE TABLE shop.a ();', 'DROP TABLE shop.a;')
    expect((await planned(shorter, 'accept')).repairs[0]?.effects.join('\n')).toContain('nothing of it left to do')
    await mend(shorter, 'accept')
    await migrate(database, shorter)
    expect(await ledgerNames(database)).toEqual([`${first}@shop`, name])
  })

  test('does not accept a file that would run in a transaction now, from its first statement', async () => {
    await interruptUp()
    expect((await refusal(() => planned(shop(asRun, downs, ''), 'accept'))).code).toBe('not_repairable')
  })

  test('whose file is what it was says how to go on instead', async () => {
    await interruptUp()
    const error = await refusal(() => planned(shop(asRun), 'accept'))
    expect(error.code).toBe('nothing_to_repair')
    expect(error.hint).toContain('athena migrate up')
    expect(error.hint).toContain(`--applied ${second}`)
    expect(error.hint).toContain(`--forget ${second}`)
  })

  test('forgets what is done, once that was undone by hand; the next run starts at the first statement', async () => {
    const { database } = db()
    await interruptUp()
    await query(database, 'DROP TABLE shop.a, shop.b')
    const other = shop('CREATE TABLE shop.other ();', 'DROP TABLE shop.other;')
    await mend(other, 'forget')
    expect(await attempts()).toEqual([])
    await migrate(database, other)
    expect(await query(database, "SELECT to_regclass('shop.other') IS NOT NULL AS there")).toEqual([{ there: true }])
    expect(
      await query(database, "SELECT before -> 'attempt' -> 'done' AS done FROM athena_migrations.repairs"),
    ).toEqual([{ done: 2 }])
  })

  test('calls it applied, once the rest was done by hand; down takes it back', async () => {
    const { database } = db()
    await interruptUp()
    await query(database, 'CREATE TABLE shop.c ()')
    await mend(shop(asRun), 'applied')
    expect(await faults(shop(asRun))).toEqual([])
    expect(await migrate(database, shop(asRun))).toEqual([])
    expect(
      await query(
        database,
        'SELECT name, version, variables, applied_by = session_user AS mine FROM athena_migrations.migrations WHERE id = 2',
      ),
    ).toEqual([{ name, version: '1.0.0', variables: {}, mine: true }])
    await migrate(database, shop(asRun), { direction: 'down' })
    expect(await ledgerNames(database)).toEqual([`${first}@shop`])
  })

  test('whose file is gone is forgotten', async () => {
    await interruptUp()
    const without = packagesOf({
      shop: { migrations: { [first]: migration('CREATE SCHEMA shop;', 'DROP SCHEMA shop CASCADE;') } },
    })
    expect(await faults(without)).toEqual(['interrupted'])
    expect((await refusal(() => planned(without, 'applied'))).code).toBe('not_repairable')
    await mend(without, 'forget')
    expect(await faults(without)).toEqual([])
  })

  test('on its way down: it is applied whole again, once that was put back by hand', async () => {
    const { database } = db()
    await interruptDown()
    expect((await refusal(() => migrate(database, shop(asRun)))).code).toBe('unfinished_migration')
    await query(database, 'CREATE TABLE shop.c ()')
    await mend(shop(asRun), 'applied')
    expect(await migrate(database, shop(asRun))).toEqual([])
    expect(await ledgerNames(database)).toEqual([`${first}@shop`, name])
  })

  test('on its way down: it is not applied, once the rest was dropped by hand', async () => {
    const { database } = db()
    await interruptDown()
    await query(database, 'DROP VIEW public.uses; DROP TABLE shop.a, shop.b')
    await mend(shop(asRun), 'forget')
    expect(await ledgerNames(database)).toEqual([`${first}@shop`])
    await migrate(database, shop(asRun))
    expect(await ledgerNames(database)).toEqual([`${first}@shop`, name])
  })

  test('on its way down: a corrected Down section goes on after what is done', async () => {
    const { database } = db()
    await interruptDown()
    const corrected = shop(asRun, downs.replace('shop.c;', 'shop.c CASCADE;').replace('shop.b;', 'shop.b CASCADE;'))
    expect(await faults(corrected)).toEqual(['changed', 'interrupted'])
    await mend(corrected, 'accept')
    await migrate(database, corrected, { direction: 'down' })
    expect(await ledgerNames(database)).toEqual([`${first}@shop`])
    expect(await attempts()).toEqual([])
  })

  test('that failed at its first statement of the way down stands as it is', async () => {
    const { database } = db()
    const up = 'CREATE TABLE shop.a ();'
    await migrate(database, shop(up, 'DROP TABLE shop.a;'))
    await query(database, 'CREATE VIEW public.uses AS SELECT * FROM shop.a')
    await refusal(() => migrate(database, shop(up, 'DROP TABLE shop.a;'), { direction: 'down' }))
    expect(await attempts()).toEqual([{ direction: 'down', done: 0 }])
    for (const way of ['forget', 'applied', 'accept'] as const)
      expect((await refusal(() => planned(shop(up, 'DROP TABLE shop.a;'), way))).code).toBe('nothing_to_repair')
  })
})
