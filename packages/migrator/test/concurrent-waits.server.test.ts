import { expect, test } from 'vitest'
import { onEachEngine } from '../../../test/engines.ts'
import { freshDatabase } from '../../../test/fresh-database.ts'
import { migrate, packagesOf, query } from '../../../test/migrating.ts'
import { migration } from '../../../test/packages.ts'
import { eventually, pause } from '../../../test/waiting.ts'

const first = {
  '20260101000000_create': migration(
    `CREATE SCHEMA shop; CREATE TABLE shop.parted (id int) PARTITION BY LIST (id); CREATE TABLE shop.parted_1 PARTITION OF shop.parted FOR VALUES IN (1);
CREATE TABLE shop.orders (id int); CREATE INDEX by_id ON shop.orders (id);`,
  ),
}
const detach = 'ALTER TABLE shop.parted DETACH PARTITION shop.parted_1 CONCURRENTLY;'

onEachEngine('a concurrent statement behind a long transaction', (engine) => {
  const db = freshDatabase(engine)
  const packages = (up: string, head = '') =>
    packagesOf({
      shop: { migrations: { ...first, '20260102000000_alone': migration(up, '', `--! no-transaction${head}`) } },
    })
  const invalid = () => query(db().database, 'SELECT indexrelid::regclass FROM pg_index WHERE NOT indisvalid')

  test.each([
    ['REINDEX', 'REINDEX INDEX CONCURRENTLY shop.by_id;', 'SELECT FROM shop.orders'],
    ['DROP INDEX', 'DROP INDEX CONCURRENTLY shop.by_id;', 'SELECT FROM shop.orders'],
  ])('waits longer than lock_timeout, told who is in the way, and ends whole: %s', async (_, up, held) => {
    const { database } = db()
    await migrate(database, packagesOf({ shop: { migrations: first } }))
    const holder = await database.open('spec holder')
    await holder.query(`BEGIN; ${held}`)
    const told: string[] = []
    const run = migrate(
      database,
      packages(up),
      {},
      {
        blocked: ({ blockers }) => told.push(blockers[0]?.application ?? ''),
        retry: () => told.push('tried again'),
      },
    )
    // Longer than the lock_timeout of other statements.
    await pause(1200)
    await eventually('the holder to be told', async () => told.includes('athena spec holder'))
    await holder.query('COMMIT')
    await run
    await holder.end()
    expect(told).not.toContain('tried again')
    expect(await invalid()).toEqual([])
  })

  test.each([
    ['REINDEX', 'REINDEX INDEX CONCURRENTLY shop.by_id;', 'INSERT INTO shop.orders VALUES (1)'],
    ['DETACH PARTITION', detach, 'SELECT FROM shop.parted'],
  ])('that times out is mended before each try: %s', async (_, up, held) => {
    const { database } = db()
    await migrate(database, packagesOf({ shop: { migrations: first } }))
    const holder = await database.open('spec holder')
    await holder.query(`BEGIN; ${held}`)
    let tries = 0
    await migrate(
      database,
      packages(up, '\n--! lock_timeout: 100ms'),
      {},
      {
        retry: ({ attempt }) => {
          tries = attempt
          if (attempt === 2) void holder.query('COMMIT')
        },
      },
    )
    await holder.end()
    expect(tries).toBeGreaterThanOrEqual(2)
    expect(await invalid()).toEqual([])
    expect(await query(database, 'SELECT FROM pg_inherits WHERE inhdetachpending')).toEqual([])
    expect(await query(database, 'SELECT * FROM athena_migrations.attempts')).toEqual([])
  })

  test('whose session is ended while it detaches is finished by the next run', async () => {
    const { database } = db()
    await migrate(database, packagesOf({ shop: { migrations: first } }))
    const holder = await database.open('spec holder')
    await holder.query('BEGIN; SELECT FROM shop.parted')
    const run = migrate(database, packages(detach)).catch(() => undefined)
    await eventually(
      'the partition to be pending',
      async () => (await query(database, 'SELECT FROM pg_inherits WHERE inhdetachpending')).length === 1,
    )
    await query(
      database,
      "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = current_database() AND application_name = 'athena migrate up'",
    )
    await run
    await holder.query('COMMIT')
    await holder.end()
    await migrate(database, packages(detach))
    expect(await query(database, "SELECT FROM pg_inherits WHERE inhrelid = 'shop.parted_1'::regclass")).toEqual([])
  })
})
