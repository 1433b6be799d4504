import { connect } from '@athena-pg/database'
import { expect, test } from 'vitest'
import { onEachEngine } from '../../../test/engines.ts'
import { freshDatabase } from '../../../test/fresh-database.ts'
import { ledgerNames, migrate, packagesOf, query } from '../../../test/migrating.ts'
import { migration } from '../../../test/packages.ts'
import { refusal } from '../../../test/refusals.ts'
import { eventually } from '../../../test/waiting.ts'
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

  test('belongs to one database: a run in another one goes on', async () => {
    const { database } = db()
    const other = await engine.create()
    await shutGate(database)
    const first = migrate(database, shop())
    await someoneAtTheGate(database)
    await shutGate(other.database)
    await openGate(other.database)
    expect(await migrate(other.database, shop(), {}, {}, { wait: 0 })).toHaveLength(2)
    await openGate(database)
    await first
    await other.drop()
  })

  test('is not that of other programs that use node-pg-migrate in the same database', async () => {
    const { database } = db()
    const other = await database.open('other program')
    await other.query('SELECT pg_advisory_lock(7241865325823964)')
    expect(await migrate(database, packagesOf({ shop: { migrations: index } }), {}, {}, { wait: 0 })).toHaveLength(2)
    await other.end()
  })

  test('is free again after a run, also after one that failed', async () => {
    const { database } = db()
    await refusal(() =>
      migrate(database, packagesOf({ shop: { migrations: { '20260101000000_break': migration('SELECT 1 / 0;') } } })),
    )
    await query(database, 'SELECT pg_stat_clear_snapshot()')
    await eventually(
      'no session but ours',
      async () => (await pidOf(database, "application_name LIKE 'athena migrate%'")) === undefined,
    )
    expect(
      await query(
        database,
        "SELECT count(*)::int AS n FROM pg_locks WHERE locktype = 'advisory' AND database = (SELECT oid FROM pg_database WHERE datname = current_database())",
      ),
    ).toEqual([{ n: 0 }])
  })

  test('and the ledger do not mind that runners live in different time zones', async () => {
    const { url = '', database } = db()
    const packages = packagesOf({ shop: { migrations: { ...index, '20260103000000_more': migration('SELECT 1;') } } })
    for (const [zone, to] of [
      ['Pacific/Kiritimati', '20260101000000'],
      ['Pacific/Pago_Pago', '20260102000000'],
      ['UTC', undefined],
    ] as const) {
      const there = await connect({ url, env: { PGOPTIONS: `-c TimeZone=${zone}` } })
      await migrate(there, packages, { to })
      await there.close()
    }
    expect(await ledgerNames(database)).toHaveLength(3)
    expect(
      await query(
        database,
        "SELECT bool_and(run_on BETWEEN now() - interval '1 min' AND now()) AS fresh FROM athena_migrations.migrations",
      ),
    ).toEqual([{ fresh: true }])
    await migrate(database, packages, { direction: 'down' })
    expect((await ledgerNames(database)).at(-1)).toContain('_index')
  })
})
