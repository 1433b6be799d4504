import { expect, test } from 'vitest'
import { onEachEngine } from '../../../test/engines.ts'
import { freshDatabase } from '../../../test/fresh-database.ts'
import { ledgerNames, migrate, packagesOf, query } from '../../../test/migrating.ts'
import { migration } from '../../../test/packages.ts'
import { refusal } from '../../../test/refusals.ts'

const first = {
  '20260101000000_create': migration(
    `CREATE SCHEMA shop; CREATE TABLE shop.orders (id int); INSERT INTO shop.orders VALUES (1), (2);
CREATE INDEX by_id ON shop.orders (id);
CREATE TABLE shop.parted (id int) PARTITION BY LIST (id); CREATE TABLE shop.parted_1 PARTITION OF shop.parted FOR VALUES IN (1);
CREATE TABLE shop.parted_2 PARTITION OF shop.parted FOR VALUES IN (2); INSERT INTO shop.parted VALUES (1), (2);
CREATE INDEX parted_id ON shop.parted (id);`,
  ),
}

onEachEngine('what a concurrent statement left behind', (engine) => {
  const db = freshDatabase(engine)
  const packages = (up: string) =>
    packagesOf({ shop: { migrations: { ...first, '20260102000000_alone': migration(up, '', '--! no-transaction') } } })
  const invalid = () =>
    query(db().database, 'SELECT indexrelid::regclass::text AS index FROM pg_index WHERE NOT indisvalid ORDER BY 1')
  const create = () => migrate(db().database, packagesOf({ shop: { migrations: first } }))

  test('by a unique build over duplicate rows: nothing is recorded before it is valid, and the next run mends it', async () => {
    const { database } = db()
    await create()
    await query(database, 'INSERT INTO shop.orders VALUES (1)')
    const unique = packages('CREATE UNIQUE INDEX CONCURRENTLY one ON shop.orders (id);')
    for (const attempt of [1, 2]) {
      const error = await refusal(() => migrate(database, unique))
      expect(error.detail, `attempt ${attempt}`).toContain('Key (id)=(1) is duplicated')
      expect(await invalid()).toEqual([{ index: 'shop.one' }])
      expect(await ledgerNames(database)).toHaveLength(1)
      expect(await query(database, 'SELECT done FROM athena_migrations.attempts')).toEqual([{ done: 0 }])
    }
    await query(database, 'DELETE FROM shop.orders WHERE id = 1')
    await migrate(database, unique)
    expect(await invalid()).toEqual([])
    expect(await ledgerNames(database)).toHaveLength(2)
  })

  test('on a partitioned table: an index whose parent is valid only when every partition has its own', async () => {
    const { database } = db()
    await create()
    await query(database, 'CREATE INDEX half ON ONLY shop.parted (id)')
    await query(database, 'CREATE TABLE shop.unrelated ()')
    expect(await invalid()).toEqual([{ index: 'shop.half' }])
    // Not ours to finish: nobody can say whose it is.
    const error = await refusal(() =>
      migrate(database, packages('CREATE INDEX CONCURRENTLY half ON shop.parted (id);')),
    )
    expect(error.code).toBe('index_exists')
    expect(await ledgerNames(database)).toHaveLength(1)
  })

  test.each([
    ['its index', 'shop.orders', 'REINDEX INDEX CONCURRENTLY shop.by_id;', 'by_id_ccnew'],
    ['its table, many times', 'shop.orders', 'REINDEX TABLE CONCURRENTLY shop.orders;', 'by_id_ccnew12'],
    ['its table, swapped already', 'shop.orders', 'REINDEX (CONCURRENTLY) TABLE shop.orders;', 'by_id_ccold'],
    ['a partitioned index', 'shop.parted_2', 'REINDEX INDEX CONCURRENTLY shop.parted_id;', 'parted_2_id_idx_ccnew'],
    ['the schema', 'shop.parted_2', 'REINDEX SCHEMA CONCURRENTLY shop;', 'parted_2_id_idx_ccnew'],
  ])('by REINDEX is dropped before the next try: of %s', async (_, table, up, leftover) => {
    const { database } = db()
    await create()
    await query(database, `CREATE INDEX ${leftover} ON ${table} (id); CREATE INDEX other_ccnew ON shop.parted_1 (id)`)
    await query(database, 'CREATE TABLE shop.last (id int); CREATE INDEX last_ccnew ON shop.last (id)')
    await query(
      database,
      `UPDATE pg_index SET indisvalid = false WHERE indexrelid IN ('shop.${leftover}'::regclass, 'shop.last_ccnew'::regclass)`,
    )
    await migrate(database, packages(up))
    // Only what is invalid, and only of the tables in question.
    expect(await invalid()).toEqual(up.includes('SCHEMA') ? [] : [{ index: 'shop.last_ccnew' }])
    expect(await query(database, "SELECT to_regclass('shop.other_ccnew') IS NOT NULL AS there")).toEqual([
      { there: true },
    ])
  })

  test('by DROP: an index that is gone, and not yet noted, is done', async () => {
    const { database } = db()
    await create()
    const drop = packages('DROP INDEX CONCURRENTLY shop.by_id; SELECT missing;')
    await refusal(() => migrate(database, drop))
    await query(database, 'UPDATE athena_migrations.attempts SET done = 0, error = NULL')
    const error = await refusal(() => migrate(database, drop))
    expect(error.detail).toContain('column "missing"')
    expect(await query(database, 'SELECT done FROM athena_migrations.attempts')).toEqual([{ done: 1 }])
  })

  test('by DETACH: a partition that is detached, and not yet noted, is done; one that never was is an error', async () => {
    const { database } = db()
    await create()
    const detach = (name: string) =>
      packages(`ALTER TABLE shop.parted DETACH PARTITION shop.${name} CONCURRENTLY; SELECT missing;`)
    await refusal(() => migrate(database, detach('parted_2')))
    await query(database, 'UPDATE athena_migrations.attempts SET done = 0, error = NULL')
    const error = await refusal(() => migrate(database, detach('parted_2')))
    expect(error.detail).toContain('column "missing"')
    await query(database, 'DELETE FROM athena_migrations.attempts')
    expect((await refusal(() => migrate(database, detach('orders')))).detail).toContain('is not a partition')
  })
})
