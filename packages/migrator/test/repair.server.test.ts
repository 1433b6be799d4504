import { expect, test } from 'vitest'
import { onEachEngine } from '../../../test/engines.ts'
import { freshDatabase } from '../../../test/fresh-database.ts'
import { everything, ledgerNames, migrate, packagesOf, query, withClient } from '../../../test/migrating.ts'
import { migration } from '../../../test/packages.ts'
import { refusal } from '../../../test/refusals.ts'
import { loginRole } from '../../../test/roles.ts'
import { planRedo, redo } from '../src/redo.ts'
import { planRepair, readRepairs, repair } from '../src/repair/repair.ts'
import { atTheGate, openGate, shutGate, someoneAtTheGate } from './gate.ts'

const first = '20260101000000_create_shop'
const second = '20260102000000_create_orders'
const up = { [first]: migration('CREATE SCHEMA shop;', 'DROP SCHEMA shop;') }
const applied = () => packagesOf({ shop: { migrations: up } })
const changed = () => packagesOf({ shop: { migrations: { [first]: `${up[first]}-- a comment\n` } } })
const target = { way: 'accept', migrations: [first] } as const

onEachEngine('the ledger', (engine) => {
  const db = freshDatabase(engine)

  test('is repaired once when several try at the same time', async () => {
    const { database } = db()
    await migrate(database, applied())
    const plan = await withClient(database, (client) => planRepair(client, changed(), target))
    const outcomes = await Promise.allSettled(['one', 'two', 'three'].map((reason) => repair(database, plan, reason)))
    expect(outcomes.map(({ status }) => status).toSorted()).toEqual(['fulfilled', 'rejected', 'rejected'])
    expect(await withClient(database, readRepairs)).toHaveLength(1)
  })

  test('is not repaired while a run is under way', async () => {
    const { database } = db()
    await migrate(database, applied())
    const plan = await withClient(database, (client) => planRepair(client, changed(), target))
    await shutGate(database)
    const run = migrate(database, packagesOf({ shop: { migrations: { ...up, [second]: migration(atTheGate) } } }))
    await someoneAtTheGate(database)
    expect((await refusal(() => repair(database, plan, 'x', {}, { wait: 0 }))).code).toBe('locked')
    await openGate(database)
    await run
    await repair(database, plan, 'x')
  })

  test.each([
    ['may only read', ''],
    ['may write all but create nothing', '; GRANT ALL ON ALL TABLES IN SCHEMA athena_migrations TO '],
  ])(
    'is not repaired by a role that %s: it is told what an administrator should run, and that is enough',
    async (_, grant) => {
      const { database } = db()
      await migrate(database, applied())
      const role = await loginRole(db())
      await query(
        database,
        `GRANT USAGE ON SCHEMA athena_migrations TO ${role.name}; GRANT SELECT ON ALL TABLES IN SCHEMA athena_migrations TO ${role.name}${grant === '' ? '' : `${grant}${role.name}`}`,
      )
      const plan = await withClient(role.database, (client) => planRepair(client, changed(), target))
      const before = await everything(database)
      const error = await refusal(() => repair(role.database, plan, 'x'))
      expect(error.code).toBe('ledger_not_writable')
      expect(await everything(database)).toBe(before)
      const statements = /let it run: (GRANT .*;) Nothing was changed\.$/.exec(error.hint ?? '')?.[1] ?? ''
      expect(statements).toContain(role.name)
      await query(database, statements)
      await repair(role.database, plan, 'x')
      expect(await withClient(database, readRepairs)).toMatchObject([{ by: role.name }])
      await role.database.close()
    },
  )

  test('is not repaired on a server that takes no writes', async () => {
    const { database } = db()
    await migrate(database, applied())
    const plan = await withClient(database, (client) => planRepair(client, changed(), target))
    const [row] = await query<{ name: string }>(database, 'SELECT current_database() AS name')
    await query(database, `ALTER DATABASE ${row?.name} SET default_transaction_read_only = on`)
    const error = await refusal(() => repair(database, plan, 'x'))
    expect(error).toMatchObject({ code: 'ledger_not_writable', hint: expect.stringContaining('primary') })
    await query(database, `ALTER DATABASE ${row?.name} RESET default_transaction_read_only`)
  })

  test('what was repaired is not told to a role that may not read it', async () => {
    const { database } = db()
    await migrate(database, applied())
    await repair(database, await withClient(database, (client) => planRepair(client, changed(), target)), 'x')
    const role = await loginRole(db())
    expect((await refusal(() => withClient(role.database, readRepairs))).code).toBe('ledger_unreadable')
    await role.database.close()
  })

  test('is held by redo from the first Down to the last Up: no other run comes in between', async () => {
    const { database } = db()
    const slow = () =>
      packagesOf({
        shop: {
          migrations: {
            ...up,
            [second]: migration(`CREATE TABLE shop.orders (); ${atTheGate}`, 'DROP TABLE shop.orders;'),
          },
        },
      })
    await shutGate(database)
    await openGate(database)
    await migrate(database, slow())
    await shutGate(database)
    const redoing = redo(database, await withClient(database, (client) => planRedo(client, slow(), { steps: 2 })))
    await someoneAtTheGate(database)
    expect(await ledgerNames(database)).toEqual([`${first}@shop`])
    expect((await refusal(() => migrate(database, slow(), {}, {}, { wait: 0 }))).code).toBe('locked')
    await openGate(database)
    expect((await redoing).map(({ id, direction }) => [direction, id])).toEqual([
      ['down', `${second}@shop`],
      ['down', `${first}@shop`],
      ['up', `${first}@shop`],
      ['up', `${second}@shop`],
    ])
  })

  test('is whole when redo is cut off in the middle: up applies what was taken back', async () => {
    const { database } = db()
    const slow = () =>
      packagesOf({
        shop: {
          migrations: {
            ...up,
            [second]: migration(`CREATE TABLE shop.orders (); ${atTheGate}`, 'DROP TABLE shop.orders;'),
          },
        },
      })
    await shutGate(database)
    await openGate(database)
    await migrate(database, slow())
    await shutGate(database)
    const redoing = refusal(async () =>
      redo(database, await withClient(database, (client) => planRedo(client, slow(), { steps: 2 }))),
    )
    const pid = await someoneAtTheGate(database)
    await query(database, 'SELECT pg_terminate_backend($1)', [pid])
    const error = await redoing
    expect(error.detail).toContain(`not applied again yet: ${second}@shop`)
    expect(await ledgerNames(database)).toEqual([`${first}@shop`])
    await openGate(database)
    expect((await migrate(database, slow())).map(({ id }) => id)).toEqual([`${second}@shop`])
  })
})
