import { expect, test } from 'vitest'
import { onEachEngine } from '../../../test/engines.ts'
import { empty, freshDatabase } from '../../../test/fresh-database.ts'
import { migrate, packagesOf, query, withClient } from '../../../test/migrating.ts'
import { migration } from '../../../test/packages.ts'
import { psql } from '../../../test/psql.ts'
import { catalogue, type PlanEvents, plan, type Target } from '../src/index.ts'
import { toScript } from '../src/script/script.ts'

const first = {
  '20260101000000_create': migration(
    `CREATE SCHEMA shop; CREATE TABLE shop.orders (id int PRIMARY KEY, changed int, total text);
INSERT INTO shop.orders SELECT n, n FROM generate_series(1, 95) AS n;`,
    'DROP SCHEMA shop CASCADE;',
  ),
}
const one = (rest: string) =>
  `UPDATE shop.orders SET total = '$statement$ ;' || changed WHERE id IN (SELECT id FROM shop.orders WHERE total IS NULL ORDER BY id ${rest} LIMIT :batch);`
const clear =
  'UPDATE shop.orders SET total = NULL WHERE id IN (SELECT id FROM shop.orders WHERE total IS NOT NULL LIMIT :batch);'

onEachEngine('a migration in batches', (engine) => {
  const db = freshDatabase(engine)
  const packages = (up: string, down = '', head = '--! batch: 10\n--! lock_timeout: 100ms') =>
    packagesOf({ shop: { migrations: { ...first, '20260102000000_fill': migration(up, down, head) } } })
  const filled = async () =>
    (await query(db().database, 'SELECT count(total)::int AS n, min(xmin::text) AS first FROM shop.orders'))[0]

  test.each([
    ['waits for a row that somebody else holds, and keeps the batches before it', ''],
    ['that skips locked rows is not done before those are changed too', 'FOR UPDATE SKIP LOCKED'],
  ])('%s', async (_, rest) => {
    const { database } = db()
    await migrate(database, packagesOf({ shop: { migrations: first } }))
    const holder = await database.open('spec holder')
    await holder.query('BEGIN; SELECT FROM shop.orders WHERE id = 42 FOR UPDATE')
    const done: number[] = []
    let rows = 0
    const events: PlanEvents = {
      batched: (progress) => {
        rows = progress.rows
      },
      retry: ({ attempt, blockers }) => {
        done.push(rows)
        if (attempt >= 2 && blockers[0]?.application === 'athena spec holder') void holder.query('COMMIT')
      },
    }
    await migrate(database, packages(one(rest)), {}, events)
    await holder.end()
    expect(done.slice(0, 2)).toEqual(rest === '' ? [40, 40] : [94, 94])
    expect(await filled()).toMatchObject({ n: 95 })
  })

  test.each([
    ['with a pause', '--! batch: 10, pause: 1ms, limit: 95', ''],
    ['skipping what is locked', '--! batch: 10', 'FOR UPDATE SKIP LOCKED'],
  ])('is a block of psql that commits each batch, and ends in the same state: %s', async (_, head, rest) => {
    const { database, url = '' } = db()
    const all = packages(`SET search_path = shop;\n${one(rest)}\nANALYZE orders;`, clear, head)
    const run = async (target: Target) => {
      const script = toScript(await withClient(database, (client) => plan(client, all, target)))
      const { status, stderr } = psql(url, script)
      expect({ status, stderr }).toEqual({ status: 0, stderr: '' })
    }
    const state = async () => ({
      text: await withClient(database, (client) => catalogue(client, ['shop', 'athena_migrations'])),
      orders: await query(database, 'SELECT * FROM shop.orders ORDER BY id'),
      ledger: await query(database, 'SELECT name, checksum, variables FROM athena_migrations.migrations ORDER BY id'),
      attempts: await query(database, 'SELECT * FROM athena_migrations.attempts'),
    })
    await migrate(database, all)
    const wanted = await state()
    await empty(database)
    await run({ direction: 'up' })
    expect(await state()).toEqual(wanted)
    expect(await query(database, 'SELECT count(DISTINCT xmin::text)::int AS n FROM shop.orders')).toEqual([{ n: 10 }])
    await run({ direction: 'down' })
    expect(await query(database, 'SELECT count(total)::int AS n FROM shop.orders')).toEqual([{ n: 0 }])
  })

  test('stops in psql, too, at the limit of its file', async () => {
    const { database, url = '' } = db()
    const all = packages(one(''), '', '--! batch: 10, limit: 50')
    const script = toScript(await withClient(database, (client) => plan(client, all, { direction: 'up' })))
    const { status, stderr } = psql(url, script)
    expect(status).toBe(3)
    expect(stderr).toContain('a batched statement changed 60 rows; its limit is 50')
    expect(await filled()).toMatchObject({ n: 60 })
  })
})
