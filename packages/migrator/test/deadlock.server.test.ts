import { expect, test } from 'vitest'
import { onEachEngine } from '../../../test/engines.ts'
import { freshDatabase } from '../../../test/fresh-database.ts'
import { migrate, packagesOf, query } from '../../../test/migrating.ts'
import { migration } from '../../../test/packages.ts'
import { atTheGate, openGate, shutGate, someoneAtTheGate } from './gate.ts'

const first = {
  '20260101000000_create': migration(
    'CREATE SCHEMA shop; CREATE TABLE shop.a (n int); CREATE TABLE shop.b (n int); INSERT INTO shop.a VALUES (0); INSERT INTO shop.b VALUES (0);',
  ),
}

onEachEngine('a deadlock with the application', (engine) => {
  const db = freshDatabase(engine)

  test('that ends our transaction is tried again, and done once', async () => {
    const { database } = db()
    await migrate(database, packagesOf({ shop: { migrations: first } }))
    await shutGate(database)
    await query(
      database,
      "DO $$ BEGIN EXECUTE format('ALTER DATABASE %I SET deadlock_timeout = %L', current_database(), '50ms'); END $$",
    )
    const up = `UPDATE shop.a SET n = n + 1; ${atTheGate} UPDATE shop.b SET n = n + 1;`
    const packages = packagesOf({ shop: { migrations: { ...first, '20260102000000_both': migration(up) } } })
    const application = await database.open('spec application')
    await application.query("SET deadlock_timeout = '10min'; BEGIN; UPDATE shop.b SET n = n + 10")
    const retries: number[] = []
    const run = migrate(
      database,
      packages,
      {},
      { retry: ({ attempt }) => retries.push(attempt) },
      {
        patience: { lockTimeout: '60s', retries: 5 },
      },
    )
    await someoneAtTheGate(database)
    // It waits for us, and then we wait for it: whoever begins to wait last finds out.
    const other = application.query('UPDATE shop.a SET n = n + 10; COMMIT')
    await expect
      .poll(
        () =>
          query(
            database,
            "SELECT FROM pg_stat_activity WHERE application_name = 'athena spec application' AND datname = current_database() AND wait_event_type = 'Lock'",
          ),
        {
          timeout: 30_000,
        },
      )
      .toHaveLength(1)
    await openGate(database)
    await run
    await other
    await application.end()
    expect(retries).toEqual([1])
    expect(await query(database, 'SELECT a.n AS a, b.n AS b FROM shop.a, shop.b')).toEqual([{ a: 11, b: 11 }])
  })
})
