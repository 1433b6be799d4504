import { expect, test } from 'vitest'
import { onEachEngine } from '../../../test/engines.ts'
import { freshDatabase } from '../../../test/fresh-database.ts'
import { everything, ledgerNames, migrate, packagesOf, query } from '../../../test/migrating.ts'
import { migration } from '../../../test/packages.ts'
import { refusal } from '../../../test/refusals.ts'
import type { BatchProgress, PlanEvents } from '../src/index.ts'

const rows = 95
const first = {
  '20260101000000_create': migration(
    `CREATE SCHEMA shop; CREATE TABLE shop.orders (id int PRIMARY KEY, price int NOT NULL, total int);
INSERT INTO shop.orders SELECT n, n, NULL FROM generate_series(1, ${rows}) AS n;
CREATE TABLE shop.archive (id int PRIMARY KEY, total int);
CREATE TABLE shop.seen (xid xid8);
CREATE FUNCTION shop.note () RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
  INSERT INTO shop.seen VALUES (pg_current_xact_id()); RETURN NULL; END $$;
CREATE TRIGGER note AFTER UPDATE ON shop.orders FOR EACH STATEMENT EXECUTE FUNCTION shop.note ();`,
    'DROP SCHEMA shop CASCADE;',
  ),
}
const fill =
  'UPDATE shop.orders SET total = price * 2\nWHERE id IN (SELECT id FROM shop.orders WHERE total IS NULL LIMIT :batch);'
const empty =
  'UPDATE shop.orders SET total = NULL WHERE id IN (SELECT id FROM shop.orders WHERE total IS NOT NULL LIMIT :batch);'
const head = '--! batch: 10'

onEachEngine('a migration in batches', (engine) => {
  const db = freshDatabase(engine)
  const packages = (up: string, down = '', directives = head) =>
    packagesOf({ shop: { migrations: { ...first, '20260102000000_fill': migration(up, down, directives) } } })
  const one = async (sql: string) => Number(Object.values((await query(db().database, sql))[0] ?? {})[0])
  const filled = () => one('SELECT count(*) FROM shop.orders WHERE total = price * 2')

  test('repeats a statement until it changes no row, each batch in a transaction of its own, and tells how far it is', async () => {
    const told: BatchProgress[] = []
    const both = packages(`SET search_path = shop;\n${fill}\nANALYZE orders;`, empty)
    await migrate(db().database, both, {}, { batched: (each) => told.push(each) })
    expect(await filled()).toBe(rows)
    expect(told.map((each) => each.rows)).toEqual([10, 20, 30, 40, 50, 60, 70, 80, 90, 95])
    expect(told[0]).toMatchObject({ id: '20260102000000_fill@shop' })
    expect(told[0]?.tableRows).toBeGreaterThan(0)
    expect(await one('SELECT count(DISTINCT xid) FROM shop.seen')).toBe(11)
    expect(await query(db().database, 'SELECT * FROM athena_migrations.attempts')).toEqual([])
    await migrate(db().database, both, { direction: 'down' })
    expect(await one('SELECT count(*) FROM shop.orders WHERE total IS NULL')).toBe(rows)
    expect(await ledgerNames(db().database)).toHaveLength(1)
  })

  test('records neither :batch nor what it was', async () => {
    const athena = { variables: { factor: { type: 'integer', default: 2 } } }
    const sql = migration(fill.replace('2', ':factor'), '', head)
    const packs = packagesOf({ shop: { athena, migrations: { ...first, '20260102000000_fill': sql } } })
    await migrate(db().database, packs)
    expect(
      await query(db().database, "SELECT variables FROM athena_migrations.migrations WHERE name LIKE '%fill%'"),
    ).toEqual([{ variables: { factor: '2' } }])
  })

  test.each([
    [
      'DELETE',
      'DELETE FROM shop.orders WHERE id IN (SELECT id FROM shop.orders LIMIT :batch);',
      'SELECT count(*) FROM shop.orders',
      0,
    ],
    [
      'INSERT … SELECT',
      'INSERT INTO shop.archive SELECT id FROM shop.orders o WHERE NOT EXISTS (SELECT FROM shop.archive a WHERE a.id = o.id) LIMIT :batch;',
      'SELECT count(*) FROM shop.archive',
      rows,
    ],
    [
      'rows moved by a DELETE within an INSERT',
      'WITH gone AS (DELETE FROM shop.orders WHERE id IN (SELECT id FROM shop.orders LIMIT :batch) RETURNING id) INSERT INTO shop.archive SELECT id FROM gone;',
      'SELECT count(*) FROM shop.archive',
      rows,
    ],
    [
      'MERGE',
      'MERGE INTO shop.archive a USING (SELECT id FROM shop.orders o WHERE NOT EXISTS (SELECT FROM shop.archive b WHERE b.id = o.id) LIMIT :batch) s ON a.id = s.id WHEN NOT MATCHED THEN INSERT VALUES (s.id);',
      'SELECT count(*) FROM shop.archive',
      rows,
    ],
    [
      'SKIP LOCKED',
      'UPDATE shop.orders SET total = 1 WHERE id IN (SELECT id FROM shop.orders WHERE total IS NULL ORDER BY id FOR UPDATE SKIP LOCKED LIMIT :batch);',
      'SELECT count(*) FROM shop.orders WHERE total = 1',
      rows,
    ],
  ])('holds %s', async (_, up, count, wanted) => {
    await migrate(db().database, packages(up))
    expect(await one(count)).toBe(wanted)
  })

  test('goes on where it was stopped: what a batch has changed stays changed', async () => {
    const { database } = db()
    await migrate(database, packagesOf({ shop: { migrations: first } }))
    await query(database, 'ALTER TABLE shop.orders ADD CHECK (total <= 120)')
    const ordered = fill.replace('LIMIT', 'ORDER BY id LIMIT')
    const error = await refusal(() => migrate(database, packages(ordered)))
    expect(error.detail).toMatch(/20260102000000_fill\.sql:3:1: .*violates check constraint/)
    expect(await filled()).toBe(60)
    await query(database, 'ALTER TABLE shop.orders DROP CONSTRAINT orders_total_check')
    const resumed: number[] = []
    const told: number[] = []
    const events: PlanEvents = { resumed: (_, done) => resumed.push(done), batched: (each) => told.push(each.rows) }
    // The statement is not done, so its batch may be made smaller meanwhile.
    await migrate(database, packages(ordered, '', '--! batch: 30'), {}, events)
    expect({ resumed, told }).toEqual({ resumed: [0], told: [30, 35] })
    expect(await filled()).toBe(rows)
  })

  test.each([
    [
      'an UPDATE that finds the same rows again',
      'UPDATE shop.orders SET total = 1 WHERE id IN (SELECT id FROM shop.orders LIMIT :batch);',
      head,
    ],
    ['an INSERT of the same rows', 'INSERT INTO shop.seen SELECT NULL FROM shop.orders LIMIT :batch;', head],
    [
      'an INSERT that feeds itself',
      'INSERT INTO shop.orders SELECT id + 1000000, 0 FROM (SELECT max(id) + n AS id FROM shop.orders, generate_series(1, 10) AS n GROUP BY n LIMIT :batch) s;',
      head,
    ],
    ['one that passes the limit of the file', fill, '--! batch: 10, limit: 50'],
  ])('does not go on for ever: %s', async (_, up, directives) => {
    const error = await refusal(() => migrate(db().database, packages(up, '', directives)))
    expect(error.code).toBe('endless_batch')
    expect(error.detail).toMatch(
      /_fill\.sql:3:1: a batched statement does not come to an end\nIt has changed \d+ rows in this run; (its limit is 50|the largest table that it reads has 95)/,
    )
    expect(error.hint).toContain('Let its WHERE leave out')
    expect(await ledgerNames(db().database)).toHaveLength(1)
  })

  test('may change many more rows than the planner expects', async () => {
    const { database } = db()
    await migrate(database, packagesOf({ shop: { migrations: first } }))
    await query(database, 'ALTER TABLE shop.orders SET (autovacuum_enabled = off); ANALYZE shop.orders')
    await query(database, 'INSERT INTO shop.orders SELECT n, n FROM generate_series(1000, 1999) AS n')
    await query(database, "UPDATE pg_class SET reltuples = 1 WHERE oid = 'shop.orders'::regclass")
    await migrate(database, packages(fill))
    expect(await filled()).toBe(rows + 1000)
  })

  test.each([
    ['that would change everything at once', 'UPDATE shop.orders SET total = 1;', '3:1', 'limits itself by :batch'],
    ['whose second would', `${fill}\n  DELETE FROM shop.archive;`, '5:3', 'limits itself by :batch'],
    [
      'hidden in WITH',
      'WITH x AS (DELETE FROM shop.archive RETURNING 1) SELECT FROM x;',
      '3:1',
      'limits itself by :batch',
    ],
    ['that does not tell what it changes', 'SELECT shop.move(:batch);', '3:1', 'only UPDATE, DELETE'],
    [
      'that DO NOTHING ends early',
      'INSERT INTO shop.archive SELECT id FROM shop.orders LIMIT :batch ON CONFLICT DO NOTHING;',
      '3:1',
      'would end at the first batch',
    ],
  ])('refuses a statement %s, and changes nothing', async (_, up, place, detail) => {
    const { database } = db()
    await migrate(database, packagesOf({ shop: { migrations: first } }))
    const before = await everything(database)
    const error = await refusal(() => migrate(database, packages(up)))
    expect(error.code).toBe('malformed_migration')
    expect(error.detail).toContain(`_fill.sql:${place}: `)
    expect(error.detail).toContain(detail)
    expect(await everything(database)).toBe(before)
  })

  test('may hold INSERT … VALUES and what changes no rows, once', async () => {
    await migrate(
      db().database,
      packages(`INSERT INTO shop.archive VALUES (1);\n${fill}\nCREATE INDEX CONCURRENTLY i ON shop.orders (total);`),
    )
    expect(await one('SELECT count(*) FROM shop.archive')).toBe(1)
  })

  test('is what gives :batch a value: elsewhere it is not declared, and no package may declare it', async () => {
    const error = await refusal(() => migrate(db().database, packages(fill, '', '')))
    expect(error.code).toBe('undeclared_variable')
    const athena = { variables: { batch: { type: 'integer', default: 2 } } }
    const other = packagesOf({ shop: { athena, migrations: first } })
    expect((await refusal(() => migrate(db().database, other))).code).toBe('duplicate_variable')
  })
})
