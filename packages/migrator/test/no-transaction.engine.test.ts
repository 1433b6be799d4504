import { expect, test } from 'vitest'
import { onEachEngine } from '../../../test/engines.ts'
import { freshDatabase } from '../../../test/fresh-database.ts'
import { ledgerNames, migrate, packagesOf, query } from '../../../test/migrating.ts'
import { migration } from '../../../test/packages.ts'
import { refusal } from '../../../test/refusals.ts'

const first = {
  '20260101000000_create': migration(`CREATE SCHEMA shop; CREATE TABLE shop.orders (id int PRIMARY KEY);
CREATE TABLE shop.parted (id int) PARTITION BY LIST (id); CREATE TABLE shop.parted_1 PARTITION OF shop.parted FOR VALUES IN (1);
CREATE PROCEDURE shop.fill () LANGUAGE plpgsql AS $$ BEGIN
  FOR i IN 1 .. 3 LOOP INSERT INTO shop.orders VALUES (i); COMMIT; END LOOP; END $$;`),
}

onEachEngine('a migration without transaction', (engine) => {
  const db = freshDatabase(engine)
  const packages = (up: string, head = '--! no-transaction', down = '') =>
    packagesOf({ shop: { migrations: { ...first, '20260102000000_alone': migration(up, down, head) } } })

  const alone = [
    ['VACUUM', 'VACUUM (ANALYZE) shop.orders;'],
    ['REINDEX CONCURRENTLY', 'REINDEX INDEX CONCURRENTLY shop.orders_pkey;'],
    ['DETACH PARTITION CONCURRENTLY', 'ALTER TABLE shop.parted DETACH PARTITION shop.parted_1 CONCURRENTLY;'],
    ['DROP INDEX CONCURRENTLY', 'CREATE INDEX i ON shop.orders (id); DROP INDEX CONCURRENTLY shop.i;'],
    ['DROP DATABASE', 'DROP DATABASE IF EXISTS athena_spec_no_such_database;'],
    ['a procedure that commits', 'CALL shop.fill();'],
    [
      'a block that commits',
      'DO $$ BEGIN INSERT INTO shop.orders VALUES (1); COMMIT; INSERT INTO shop.orders VALUES (2); END $$;',
    ],
  ] as const

  test.each(alone)('may hold %s', async (_, up) => {
    const { database } = db()
    await migrate(database, packages(up))
    expect(await ledgerNames(database)).toHaveLength(2)
    expect(await query(database, 'SELECT * FROM athena_migrations.attempts')).toEqual([])
    const [row] = await query<{ n: number }>(database, 'SELECT count(*)::int AS n FROM shop.orders')
    expect(row?.n).toBe(up.includes('fill') ? 3 : up.includes('INSERT') ? 2 : 0)
  })

  test.each(alone)(
    'is what %s needs: in a transaction PostgreSQL refuses it, and nothing of it is done',
    async (_, up) => {
      const { database } = db()
      const error = await refusal(() => migrate(database, packages(up, '')))
      expect(error.code).toBe('migration_failed')
      expect(error.detail).toMatch(/\((25001|2D000)\)/)
      expect(await ledgerNames(database)).toHaveLength(1)
      expect(await query(database, 'SELECT * FROM shop.orders')).toEqual([])
    },
  )

  test('may use a value in the statement after the one that adds it to an enum', async () => {
    const { database } = db()
    await migrate(
      database,
      packages(
        "CREATE TYPE shop.mood AS ENUM ('sad'); ALTER TYPE shop.mood ADD VALUE 'glad'; CREATE TABLE shop.moods AS SELECT 'glad'::shop.mood AS mood;",
      ),
    )
    expect(await query(database, 'SELECT mood::text FROM shop.moods')).toEqual([{ mood: 'glad' }])
  })

  test('keeps what was done before the statement that fails, once', async () => {
    const { database } = db()
    const up = (last: string) => `INSERT INTO shop.orders VALUES (1); CALL shop.fill(); ${last}`
    const error = await refusal(() => migrate(database, packages(up(''))))
    expect(error.detail).toContain('duplicate key')
    expect(await query(database, 'SELECT * FROM shop.orders')).toEqual([{ id: 1 }])
    await query(database, 'DELETE FROM shop.orders')
    await migrate(database, packages(up('')))
    expect(await query(database, 'SELECT * FROM shop.orders ORDER BY 1')).toEqual([{ id: 1 }, { id: 2 }, { id: 3 }])
  })

  test('goes down in the same way', async () => {
    const { database } = db()
    const both = packages('CREATE TABLE shop.more ();', '--! no-transaction', 'VACUUM shop.more; DROP TABLE shop.more;')
    await migrate(database, both)
    await migrate(database, both, { direction: 'down' })
    expect(await ledgerNames(database)).toHaveLength(1)
    expect(await query(database, 'SELECT * FROM athena_migrations.attempts')).toEqual([])
    expect(await query(database, "SELECT to_regclass('shop.more') AS more")).toEqual([{ more: null }])
  })
})
