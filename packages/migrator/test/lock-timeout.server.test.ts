import { expect, test } from 'vitest'
import { onEachEngine } from '../../../test/engines.ts'
import { freshDatabase } from '../../../test/fresh-database.ts'
import { ledgerNames, migrate, packagesOf, query } from '../../../test/migrating.ts'
import { migration } from '../../../test/packages.ts'
import type { PlanEvents } from '../src/index.ts'

const first = {
  '20260101000000_create':
    migration(`CREATE SCHEMA shop; CREATE TABLE shop.orders (id int); INSERT INTO shop.orders VALUES (1);
    CREATE TABLE shop.parted (id int) PARTITION BY LIST (id); CREATE TABLE shop.parted_1 PARTITION OF shop.parted FOR VALUES IN (1);`),
}
const head = '--! lock_timeout: 100ms'

onEachEngine('a lock that somebody else holds', (engine) => {
  const db = freshDatabase(engine)

  /** Runs `second` while another session holds what `held` took, which it gives back at the second retry. */
  async function behind(held: string, second: string): Promise<string[]> {
    const { database } = db()
    await migrate(database, packagesOf({ shop: { migrations: first } }))
    const holder = await database.open('holder')
    await holder.query(`BEGIN; ${held}`)
    const told: string[] = []
    const retry: PlanEvents['retry'] = ({ what, attempt, pause }) => {
      expect(pause).toBeGreaterThan(0)
      told.push(`${what} ${attempt}`)
      if (attempt === 2) void holder.query('COMMIT')
    }
    const packages = packagesOf({ shop: { migrations: { ...first, '20260102000000_change': second } } })
    expect(await migrate(database, packages, {}, { retry })).toHaveLength(1)
    await holder.end()
    expect(await ledgerNames(database)).toHaveLength(2)
    expect(await query(database, 'SELECT indexrelid FROM pg_index WHERE NOT indisvalid')).toEqual([])
    expect(await query(database, 'SELECT * FROM athena_migrations.attempts')).toEqual([])
    return told
  }

  test('is waited for briefly and tried again: a migration in its transaction', async () => {
    const up = 'CREATE TABLE shop.more (); ALTER TABLE shop.orders ADD COLUMN note text;'
    const told = await behind('LOCK TABLE shop.orders IN ACCESS EXCLUSIVE MODE', migration(up, '', head))
    expect(told.slice(0, 2)).toEqual(['20260102000000_change@shop 1', '20260102000000_change@shop 2'])
  })

  test('is waited for briefly and tried again: a statement outside a transaction', async () => {
    const up = 'CREATE TABLE shop.more (); ALTER TABLE shop.orders ADD COLUMN note text;'
    const told = await behind('LOCK TABLE shop.orders', migration(up, '', `${head}\n--! no-transaction`))
    expect(told.length).toBeGreaterThanOrEqual(2)
  })

  test.each([
    ['a table', 'INSERT INTO shop.orders VALUES (2)', 'CREATE INDEX CONCURRENTLY idx ON shop.orders (id);'],
    ['a partitioned table', 'INSERT INTO shop.parted VALUES (1)', 'CREATE INDEX CONCURRENTLY idx ON shop.parted (id);'],
    [
      'a partitioned table, at its parent',
      'LOCK TABLE shop.parted',
      'CREATE INDEX CONCURRENTLY idx ON shop.parted (id);',
    ],
  ])('leaves no invalid index on %s behind', async (_, held, up) => {
    const told = await behind(held, migration(up, '', `${head}\n--! no-transaction`))
    expect(told.length).toBeGreaterThanOrEqual(2)
    expect(await query(db().database, "SELECT count(*)::int AS n FROM pg_class WHERE relname LIKE '%ccnew%'")).toEqual([
      { n: 0 },
    ])
  })

  test.each([
    ['a table', 'CREATE INDEX CONCURRENTLY idx ON shop.orders (id);'],
    ['a partitioned table', 'CREATE INDEX CONCURRENTLY idx ON shop.parted (id);'],
  ])('that is an old snapshot does not throw away a finished index on %s: the build waits, once', async (_, up) => {
    const { database } = db()
    await migrate(database, packagesOf({ shop: { migrations: first } }))
    const reader = await database.open('reader')
    await reader.query('BEGIN ISOLATION LEVEL REPEATABLE READ; SELECT FROM shop.orders')
    const retries: string[] = []
    const migrations = { ...first, '20260102000000_index': migration(up, '', '--! no-transaction') }
    const events: PlanEvents = { retry: ({ what }) => retries.push(what) }
    const run = migrate(database, packagesOf({ shop: { migrations } }), {}, events)
    // Longer than the lock_timeout under which other statements run.
    await query(database, 'SELECT pg_sleep(1.2)')
    await reader.query('COMMIT')
    expect(await run).toHaveLength(1)
    await reader.end()
    expect(retries).toEqual([])
    expect(await query(database, 'SELECT indexrelid FROM pg_index WHERE NOT indisvalid')).toEqual([])
  })

  test('is waited for briefly and tried again: a function', async () => {
    const { database } = db()
    const answer = (n: number) =>
      packagesOf({
        shop: {
          migrations: first,
          functions: {
            answer: `CREATE OR REPLACE FUNCTION shop.answer () RETURNS int LANGUAGE sql AS $$ SELECT ${n} $$;\nALTER TABLE shop.orders ALTER id SET DEFAULT ${n};`,
          },
        },
      })
    await migrate(database, answer(1))
    const holder = await database.open('holder')
    await holder.query('BEGIN; LOCK TABLE shop.orders')
    const told: string[] = []
    await migrate(
      database,
      answer(2),
      {},
      {
        retry: ({ what }) => {
          told.push(what)
          void holder.query('COMMIT')
        },
      },
    )
    await holder.end()
    expect(told).toContain('answer')
    expect(await query(database, 'SELECT shop.answer()')).toEqual([{ answer: 2 }])
  })
})
