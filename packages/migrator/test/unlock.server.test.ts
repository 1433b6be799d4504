import { expect, test } from 'vitest'
import { onEachEngine } from '../../../test/engines.ts'
import { freshDatabase } from '../../../test/fresh-database.ts'
import { ledgerNames, migrate, packagesOf, query, withClient } from '../../../test/migrating.ts'
import { migration } from '../../../test/packages.ts'
import { refusal } from '../../../test/refusals.ts'
import { loginRole } from '../../../test/roles.ts'
import { eventually } from '../../../test/waiting.ts'
import { isWorking, lockSessions, unlock } from '../src/unlock.ts'
import { atTheGate, openGate, shutGate, someoneAtTheGate } from './gate.ts'

const slow = { '20260101000000_wait': migration(`CREATE SCHEMA shop; ${atTheGate}`) }
const take = "SELECT pg_advisory_lock(hashtext(current_database()), hashtext('athena_migrations'))"

onEachEngine('unlock', (engine) => {
  const db = freshDatabase(engine)
  const shop = () => packagesOf({ shop: { migrations: slow } })
  const holders = () => withClient(db().database, lockSessions)

  test('finds nobody where nobody holds a lock, nor where another application holds one of its own', async () => {
    expect(await holders()).toEqual([])
    const other = await db().database.open('other application')
    await other.query('SELECT pg_advisory_lock(1, 2), pg_advisory_lock(7241865325823964)')
    expect(await holders()).toEqual([])
    await other.end()
  })

  test('shows both sessions of a run: who, since when, and what it does', async () => {
    const { database } = db()
    await shutGate(database)
    const run = migrate(database, shop())
    const working = await someoneAtTheGate(database)
    const [work, runner, ...more] = await holders()
    expect(more).toEqual([])
    expect(work).toMatchObject({
      lock: 'work',
      pid: working,
      application: 'athena migrate up',
      state: 'active',
      progress: null,
    })
    expect(work?.query).toContain('public.gate')
    expect(runner).toMatchObject({ lock: 'runner', application: 'athena migrate lock', state: 'idle', waitsFor: [] })
    expect([work, runner].map((each) => each && isWorking(each))).toEqual([true, false])
    expect(work?.age).toBeGreaterThanOrEqual(0)
    await openGate(database)
    await run
    expect(await holders()).toEqual([])
  })

  test('ends a run that hangs; what it did is undone, and the next run begins at once', async () => {
    const { database } = db()
    await shutGate(database)
    const run = refusal(() => migrate(database, shop()))
    await someoneAtTheGate(database)
    const found = await holders()
    await withClient(database, (client) => unlock(client, found))
    expect((await run).detail).toContain('terminating connection')
    expect(await holders()).toEqual([])
    expect(await ledgerNames(database)).toEqual([])
    await openGate(database)
    expect(await migrate(database, shop(), {}, {}, { wait: 0 })).toHaveLength(1)
  })

  test('ends an abandoned session that holds nothing but the lock', async () => {
    const { database } = db()
    const abandoned = await database.open('abandoned')
    await abandoned.query(take)
    const found = await holders()
    expect(found).toMatchObject([{ lock: 'runner', application: 'athena abandoned', state: 'idle', user: 'postgres' }])
    await withClient(database, (client) => unlock(client, found))
    expect(await holders()).toEqual([])
    await abandoned.end().catch(() => undefined)
  })

  test('ends nobody who has let go of the lock meanwhile, or never had it', async () => {
    const { database } = db()
    const innocent = await database.open('innocent')
    await innocent.query(take)
    const found = await holders()
    await innocent.query('SELECT pg_advisory_unlock_all()')
    await withClient(database, (client) => unlock(client, found))
    expect((await innocent.query('SELECT 1 AS alive')).rows).toEqual([{ alive: 1 }])
    await innocent.end()
  })

  test('shows whom a run waits for, and how far an index is', async () => {
    const { database } = db()
    await query(database, 'CREATE SCHEMA shop; CREATE TABLE shop.orders (id int)')
    const writer = await database.open('writer')
    await writer.query('BEGIN; INSERT INTO shop.orders VALUES (1)')
    const [{ pid } = { pid: 0 }] = (await writer.query<{ pid: number }>('SELECT pg_backend_pid() AS pid')).rows
    const index = migration('CREATE INDEX CONCURRENTLY idx ON shop.orders (id);', '', '--! no-transaction')
    const run = migrate(database, packagesOf({ shop: { migrations: { '20260102000000_index': index } } }))
    const work = await eventually('the index to wait', async () =>
      (await holders()).find(({ waitsFor }) => waitsFor.includes(pid)),
    )
    expect(work).toMatchObject({
      lock: 'work',
      state: 'active',
      progress: { phase: expect.stringContaining('waiting') },
    })
    await writer.query('COMMIT')
    await writer.end()
    await run
  })

  test('by a role without the right says who may, and ends nobody', async () => {
    const { database } = db()
    const held = await database.open('held')
    await held.query(take)
    const role = await loginRole(db())
    const error = await withClient(role.database, async (client) => {
      const found = await lockSessions(client)
      expect(found).toMatchObject([{ lock: 'runner', user: 'postgres', state: null }])
      return refusal(() => unlock(client, found))
    })
    expect(error).toMatchObject({ code: 'unlock_not_permitted', hint: expect.stringContaining('pg_signal_backend') })
    expect((await held.query('SELECT 1 AS alive')).rows).toEqual([{ alive: 1 }])
    await role.database.close()
    await held.end()
  })
})
