import { expect, test } from 'vitest'
import { onEachEngine } from '../../../test/engines.ts'
import { freshDatabase } from '../../../test/fresh-database.ts'
import { ledgerNames, migrate, packagesOf, query } from '../../../test/migrating.ts'
import { migration } from '../../../test/packages.ts'
import { refusal } from '../../../test/refusals.ts'
import { eventually, pause } from '../../../test/waiting.ts'
import { describeHolder, type IndexProgress, type LockHolder } from '../src/index.ts'
import { atTheGate, openGate, pidOf, shutGate, someoneAtTheGate } from './gate.ts'

const slow = {
  '20260101000000_wait': migration(`CREATE SCHEMA shop; ${atTheGate}`),
  '20260102000000_create_orders': migration('CREATE TABLE shop.orders ();'),
}
const index = {
  '20260101000000_create': migration('CREATE SCHEMA shop; CREATE TABLE shop.orders (id int);'),
  '20260102000000_index': migration(
    'CREATE INDEX CONCURRENTLY idx ON shop.orders (id);',
    '',
    '--! no-transaction\n--! lock_timeout: 0',
  ),
}

onEachEngine('the migration lock', (engine) => {
  const db = freshDatabase(engine)
  const shop = () => packagesOf({ shop: { migrations: slow } })

  test('lets a second runner wait, and find that there is nothing left to do', async () => {
    const { database } = db()
    await shutGate(database)
    const first = migrate(database, shop())
    const pid = await someoneAtTheGate(database)
    const told: (LockHolder | undefined)[] = []
    const second = migrate(database, shop(), {}, { waiting: (holder) => told.push(holder) })
    await eventually('the second runner to tell that it waits', async () => told.length > 0)
    expect(told[0]).toMatchObject({ application: 'athena migrate lock' })
    expect(told[0]?.pid).not.toBe(pid)
    await openGate(database)
    expect((await first).map(({ id }) => id)).toEqual(Object.keys(slow).map((name) => `${name}@shop`))
    expect(await second).toEqual([])
    expect(await ledgerNames(database)).toHaveLength(2)
  })

  test('turns a runner that does not want to wait away, with who holds it', async () => {
    const { database } = db()
    await shutGate(database)
    const first = migrate(database, shop())
    await someoneAtTheGate(database)
    const holder = await pidOf(database, "application_name = 'athena migrate lock'")
    const error = await refusal(() => migrate(database, shop(), {}, {}, { wait: 0 }))
    expect(error.code).toBe('locked')
    expect(error.detail).toMatch(
      new RegExp(`held by pid ${holder} \\(athena migrate lock, connected \\d+ s ago\\); waited 0 s`),
    )
    expect(error.hint).toContain(`pid = ${holder}`)
    await openGate(database)
    await first
  })

  test('does not stop a CREATE INDEX CONCURRENTLY of its holder, however long another waits for it', async () => {
    const { database } = db()
    const packages = () => packagesOf({ shop: { migrations: index } })
    await migrate(database, packages(), { to: '20260101000000' })
    const writer = await database.open('writer')
    await writer.query('BEGIN; INSERT INTO shop.orders VALUES (1)')
    const writing = (await writer.query('SELECT pg_backend_pid() AS pid')).rows[0].pid
    const progress: IndexProgress[] = []
    const first = migrate(database, packages(), {}, { progress: (each) => progress.push(each) })
    await eventually('the index to wait for the writer', () =>
      pidOf(database, "query LIKE 'CREATE INDEX CONCURRENTLY%' AND wait_event_type = 'Lock'"),
    )
    let waits = 0
    const second = migrate(
      database,
      packages(),
      {},
      {
        waiting: () => {
          waits += 1
        },
      },
    )
    await eventually('the second runner to wait', async () => waits > 0)
    await eventually('the run to tell whom its index waits for', async () =>
      progress.some(({ waitsFor }) => waitsFor === writing),
    )
    // PostgreSQL looks for deadlocks after one second.
    await pause(1300)
    await writer.query('COMMIT')
    await writer.end()
    expect(await first).toHaveLength(1)
    expect(await second).toEqual([])
    expect(
      await query(database, 'SELECT indisvalid FROM pg_index WHERE indexrelid = $1::regclass', ['shop.idx']),
    ).toEqual([{ indisvalid: true }])
  })
})

test('a holder that is not known is told as such', () => {
  expect(describeHolder(undefined)).toBe('another session')
  expect(describeHolder({ pid: 7, application: '', age: 3, query: '' })).toBe(
    'pid 7 (unnamed application, connected 3 s ago)',
  )
})
