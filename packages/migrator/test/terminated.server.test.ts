import { expect, test } from 'vitest'
import { onEachEngine } from '../../../test/engines.ts'
import { freshDatabase } from '../../../test/fresh-database.ts'
import { ledgerNames, migrate, packagesOf, query } from '../../../test/migrating.ts'
import { migration } from '../../../test/packages.ts'
import { refusal } from '../../../test/refusals.ts'
import { atTheGate, openGate, pidOf, shutGate, someoneAtTheGate } from './gate.ts'

const migrations = (head: string) => ({
  '20260101000000_create': migration('CREATE SCHEMA shop;'),
  '20260102000000_wait': migration(`CREATE TABLE shop.orders (); ${atTheGate}`, '', head),
  '20260103000000_more': migration('CREATE TABLE shop.more ();'),
})

onEachEngine('a run whose session an administrator ends', (engine) => {
  const db = freshDatabase(engine)

  test.each([
    ['in a transaction', ''],
    ['without transaction', '--! no-transaction'],
  ])('says so, and the next one finishes: %s', async (_, head) => {
    const { database } = db()
    const packages = () => packagesOf({ shop: { migrations: migrations(head) } })
    await shutGate(database)
    const run = refusal(() => migrate(database, packages()))
    const pid = await someoneAtTheGate(database)
    await query(database, 'SELECT pg_terminate_backend($1)', [pid])
    const error = await run
    expect(error.code).toBe('migration_failed')
    expect(error.message).toBe('migration shop/20260102000000_wait failed')
    expect(error.detail).toMatch(
      /terminating connection due to administrator command|connection to the server was lost/,
    )
    expect(error.detail).toContain('20260102000000_wait.sql:')
    expect(await ledgerNames(database)).toEqual(['20260101000000_create@shop'])
    await openGate(database)
    expect(await migrate(database, packages())).toHaveLength(2)
    expect(await ledgerNames(database)).toHaveLength(3)
    expect(await query(database, 'SELECT * FROM athena_migrations.attempts')).toEqual([])
  })

  test('notices that its lock is lost before the next migration', async () => {
    const { database } = db()
    const packages = () => packagesOf({ shop: { migrations: migrations('') } })
    await shutGate(database)
    const run = refusal(() => migrate(database, packages()))
    await someoneAtTheGate(database)
    await query(database, 'SELECT pg_terminate_backend($1)', [
      await pidOf(database, "application_name = 'athena migrate lock'"),
    ])
    // Whoever comes meanwhile does not run beside it.
    const error = await refusal(() => migrate(database, packages(), {}, {}, { wait: 200 }))
    expect(error.code).toBe('locked')
    expect(error.detail).toContain('athena migrate up')
    await openGate(database)
    expect((await run).code).toBe('lock_lost')
    expect(await ledgerNames(database)).toHaveLength(2)
    expect((await migrate(database, packages())).map(({ id }) => id)).toEqual(['20260103000000_more@shop'])
  })
})
