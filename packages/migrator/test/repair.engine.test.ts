import { expect, test } from 'vitest'
import { onEachEngine } from '../../../test/engines.ts'
import { freshDatabase } from '../../../test/fresh-database.ts'
import { everything, ledgerNames, migrate, packagesOf, query, withClient } from '../../../test/migrating.ts'
import { migration } from '../../../test/packages.ts'
import { refusal } from '../../../test/refusals.ts'
import { apply, type MigrationPackage, plan } from '../src/index.ts'
import { ledgerFaults, planRepair, type RepairTarget, readRepairs, repair, repairSql } from '../src/repair/repair.ts'

const first = '20260101000000_create_shop'
const second = '20260102000000_create_orders'
const third = '20260103000000_create_notes'
const texts = {
  [first]: migration('CREATE SCHEMA shop;', 'DROP SCHEMA shop;'),
  [second]: migration('CREATE TABLE shop.orders ();', 'DROP TABLE shop.orders;'),
}
const shop = (migrations: Record<string, string>) => packagesOf({ shop: { migrations } })
const changed = () => shop({ ...texts, [first]: `${texts[first]}-- a comment\n` })

onEachEngine('repair', (engine) => {
  const db = freshDatabase(engine)
  const planned = (packages: readonly MigrationPackage[], target: Partial<RepairTarget>) =>
    withClient(db().database, (client) => planRepair(client, packages, { way: 'accept', migrations: [], ...target }))
  const mend = async (packages: readonly MigrationPackage[], target: Partial<RepairTarget>) =>
    repair(db().database, await planned(packages, target), 'a reason')
  const faults = (packages: readonly MigrationPackage[]) =>
    withClient(db().database, async (client) =>
      (await ledgerFaults(client, packages)).map(({ id, fault }) => [fault, id]),
    )
  const kept = () => withClient(db().database, readRepairs)

  test('accepts the changed checksum of an applied file, and keeps who, when, from, to and why', async () => {
    const { database } = db()
    await migrate(database, shop(texts))
    const before = shop(texts)[0]?.migrations[0]?.checksum
    const after = changed()[0]?.migrations[0]?.checksum
    expect(await faults(changed())).toEqual([['changed', `${first}@shop`]])
    await mend(changed(), { migrations: [first] })
    expect(await faults(changed())).toEqual([])
    expect(await migrate(database, changed())).toEqual([])
    const [row] = await query<{ role: string }>(database, 'SELECT session_user AS role')
    expect(await kept()).toEqual([
      {
        kind: 'accepted',
        id: `${first}@shop`,
        checksumBefore: before,
        checksumAfter: after,
        reason: 'a reason',
        by: row?.role,
        at: expect.any(Date),
      },
    ])
    expect(
      await query(database, "SELECT before -> 'migration' ->> 'checksum' AS was FROM athena_migrations.repairs"),
    ).toEqual([{ was: before }])
  })

  test('a plan that was made before is made anew: it may be of the files as they were', async () => {
    const { database } = db()
    await migrate(database, shop(texts), { to: first })
    const before = await withClient(database, (client) => plan(client, shop(texts), { direction: 'up' }))
    await mend(changed(), { migrations: [first] })
    expect(await refusal(() => apply(database, before))).toMatchObject({ code: 'changed_file' })
    expect(await ledgerNames(database)).toEqual([`${first}@shop`])
  })

  test('accepts all that were changed, where that is asked for', async () => {
    const { database } = db()
    await migrate(database, shop(texts))
    const both = () => shop({ [first]: `${texts[first]} `, [second]: `${texts[second]} ` })
    await mend(both(), { all: true })
    expect(await migrate(database, both())).toEqual([])
    expect((await kept()).map(({ id }) => id)).toEqual([`${first}@shop`, `${second}@shop`])
    expect((await planned(both(), { all: true })).repairs).toEqual([])
  })

  test('keeps a reason as it is, whatever stands in it', async () => {
    const { database } = db()
    await migrate(database, shop(texts))
    const reason = `it's "right"; \\ DROP TABLE $1 :name $$ \n ✓`
    await repair(database, await planned(changed(), { migrations: [first] }), reason)
    expect((await kept())[0]?.reason).toBe(reason)
  })

  test('forgets an applied migration whose file is gone, with its row kept', async () => {
    const { database } = db()
    await migrate(database, shop(texts))
    const without = () => shop({ [first]: texts[first] ?? '' })
    expect(await faults(without())).toEqual([['missing', `${second}@shop`]])
    await mend(without(), { way: 'forget', migrations: [second] })
    expect(await ledgerNames(database)).toEqual([`${first}@shop`])
    expect(await migrate(database, without())).toEqual([])
    expect(await kept()).toMatchObject([{ kind: 'forgotten', id: `${second}@shop`, checksumAfter: null }])
    expect(
      await query(database, "SELECT before -> 'migration' ->> 'file' AS file FROM athena_migrations.repairs"),
    ).toEqual([{ file: second }])
  })

  test('forgets one of a package that the project does not name any more', async () => {
    const { database } = db()
    await migrate(
      database,
      packagesOf({ shop: { migrations: texts }, old: { migrations: { [third]: migration('SELECT 1;') } } }),
    )
    await mend(shop(texts), { way: 'forget', migrations: [`${third}@old`] })
    expect(await ledgerNames(database)).toEqual([`${first}@shop`, `${second}@shop`])
  })

  test.each<[string, string, Partial<RepairTarget>]>([
    ['that nobody knows', 'unknown_target', { migrations: ['20260101000000_create_shp'] }],
    ['that is what was applied', 'nothing_to_repair', { migrations: [first] }],
    ['that is applied, to be forgotten', 'nothing_to_repair', { way: 'forget', migrations: [first] }],
    ['that is applied, to be called so', 'nothing_to_repair', { way: 'applied', migrations: [first] }],
    ['that is pending', 'nothing_to_repair', { migrations: [third] }],
    ['that is pending, to be forgotten', 'nothing_to_repair', { way: 'forget', migrations: [third] }],
    ['that is pending, to be called applied', 'nothing_to_repair', { way: 'applied', migrations: [third] }],
  ])('refuses a migration %s', async (_, code, target) => {
    const { database } = db()
    const all = { ...texts, [third]: migration('SELECT 1;') }
    await migrate(database, shop(all), { to: second })
    const before = await everything(database)
    expect((await refusal(() => planned(shop(all), target))).code).toBe(code)
    expect(await everything(database)).toBe(before)
  })

  test('suggests the name that was meant, and says where a missing file leads', async () => {
    await migrate(db().database, shop(texts))
    const unknown = await refusal(() => planned(shop(texts), { migrations: ['20260101000000_create_shp'] }))
    expect(unknown).toMatchObject({ hint: `Did you mean ${first}?`, exit: 2 })
    const gone = await refusal(() => planned(shop({ [first]: texts[first] ?? '' }), { migrations: [second] }))
    expect(gone).toMatchObject({ code: 'not_repairable', hint: expect.stringContaining('repair --forget') })
  })

  test('only plans where one only asks: the ledger stays as it is, without the table of repairs', async () => {
    const { database } = db()
    await migrate(database, shop(texts))
    const before = await everything(database)
    const plan = await planned(changed(), { migrations: [first] })
    expect(repairSql(plan, 'x').join('\n')).toContain('UPDATE athena_migrations.migrations')
    expect(await faults(changed())).toHaveLength(1)
    expect(await kept()).toEqual([])
    expect(await everything(database)).toBe(before)
  })

  test('knows nothing to repair where nothing was ever applied', async () => {
    expect(await faults(shop(texts))).toEqual([])
    expect(await kept()).toEqual([])
    expect((await planned(shop(texts), { all: true })).repairs).toEqual([])
  })

  test('refuses under the lock what is no longer as it was planned', async () => {
    const { database } = db()
    await migrate(database, shop(texts))
    const plan = await planned(changed(), { migrations: [first] })
    await repair(database, plan, 'first')
    const before = await everything(database)
    expect((await refusal(() => repair(database, plan, 'second'))).code).toBe('plan_changed')
    expect(await everything(database)).toBe(before)
  })

  test('writes all or nothing', async () => {
    const { database } = db()
    await migrate(database, shop(texts))
    const both = () => shop({ [first]: `${texts[first]} `, [second]: `${texts[second]} ` })
    const plan = await planned(both(), { all: true })
    await query(
      database,
      `CREATE FUNCTION public.refuse () RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RAISE EXCEPTION 'no'; END $$;
       CREATE TRIGGER refuse BEFORE UPDATE ON athena_migrations.migrations FOR EACH ROW WHEN (OLD.id = 2) EXECUTE FUNCTION public.refuse ()`,
    )
    const before = await everything(database)
    await expect(repair(database, plan, 'x')).rejects.toThrow('no')
    expect(await everything(database)).toBe(before)
  })
})
