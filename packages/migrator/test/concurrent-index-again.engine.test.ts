import { expect, test } from 'vitest'
import { onEachEngine } from '../../../test/engines.ts'
import { freshDatabase } from '../../../test/fresh-database.ts'
import { ledgerNames, migrate, packagesOf, query, withClient } from '../../../test/migrating.ts'
import { migration } from '../../../test/packages.ts'
import { refusal } from '../../../test/refusals.ts'
import { catalogue } from '../src/index.ts'

const tables = `CREATE SCHEMA shop;
CREATE TABLE shop.plain (id int, note text); INSERT INTO shop.plain VALUES (1, 'a'), (2, 'b');
CREATE TABLE shop.parted (id int, note text) PARTITION BY LIST (id);
CREATE TABLE shop.parted_1 PARTITION OF shop.parted FOR VALUES IN (1);
CREATE SCHEMA cold; CREATE TABLE cold.parted_0 PARTITION OF shop.parted FOR VALUES IN (0);
CREATE TABLE shop.parted_2 PARTITION OF shop.parted FOR VALUES IN (2) PARTITION BY LIST (note);
CREATE TABLE shop.parted_2_a PARTITION OF shop.parted_2 FOR VALUES IN ('a');
CREATE TABLE shop."Parted 2 ""b""" PARTITION OF shop.parted_2 DEFAULT; INSERT INTO shop.parted VALUES (1, 'a'), (2, 'b');`
const first = { '20260101000000_tables': migration(tables, 'DROP SCHEMA shop, cold CASCADE;') }
const file = '20260102000000_index'

onEachEngine('CREATE INDEX CONCURRENTLY', (engine) => {
  const db = freshDatabase(engine)
  const index = (up: string, down = '') =>
    packagesOf({ shop: { migrations: { ...first, [file]: migration(up, down, '--! no-transaction') } } })
  const run = (up: string, down = '') => migrate(db().database, index(up, down))
  const snapshot = () => withClient(db().database, (client) => catalogue(client, ['cold', 'shop']))
  const invalid = () =>
    query(db().database, 'SELECT indexrelid::regclass::text AS index FROM pg_index WHERE NOT indisvalid')
  const attached = async (name: string) =>
    (
      await query<{ n: number }>(db().database, 'SELECT count(*)::int AS n FROM pg_partition_tree($1::regclass)', [
        name,
      ])
    )[0]?.n

  test('goes on where an interrupted run stopped: an invalid leaf is built anew, a new partition is indexed too', async () => {
    const { database } = db()
    const sql = 'CREATE UNIQUE INDEX CONCURRENTLY idx_parted_note ON shop.parted (id, note);'
    await migrate(database, packagesOf({ shop: { migrations: first } }))
    await query(database, "INSERT INTO shop.parted VALUES (2, 'a'), (2, 'a')")
    expect((await refusal(() => run(sql))).detail).toContain('could not create unique index')
    expect(await invalid()).not.toEqual([])
    await query(database, "DELETE FROM shop.parted WHERE note = 'a' AND id = 2")
    await query(database, 'CREATE TABLE shop.parted_3 PARTITION OF shop.parted FOR VALUES IN (3)')
    await run(sql)
    expect(await invalid()).toEqual([])
    expect(await attached('shop.idx_parted_note')).toBe(7)
    expect(await ledgerNames(database)).toHaveLength(2)
  })

  test.each([
    ['a table', 'shop.plain', 'CREATE INDEX idx ON shop.plain (id)'],
    ['a partitioned table', 'shop.parted', 'CREATE INDEX idx ON shop.parted (id)'],
  ])(
    'does not take an index of that name on %s that somebody else made for its own, however often it is tried',
    async (_, table, made) => {
      const { database } = db()
      await migrate(database, packagesOf({ shop: { migrations: first } }))
      await query(database, made)
      for (const attempt of [1, 2, 3]) {
        const error = await refusal(() => run(`CREATE INDEX CONCURRENTLY idx ON ${table} (note);`))
        expect(error.detail, `attempt ${attempt}`).toContain('exists already')
        expect(error.hint).toContain('Rename or drop it')
      }
      await query(database, 'DROP INDEX shop.idx')
      await run(`CREATE INDEX CONCURRENTLY idx ON ${table} (note);`)
      expect(await snapshot()).toContain('(note)')
    },
  )

  test('does not take a table of that name for an index', async () => {
    const error = await refusal(() => run('CREATE INDEX CONCURRENTLY parted_1 ON shop.plain (note);'))
    expect(error.detail).toContain('relation "parted_1" already exists')
  })

  test('mends an invalid index of that name on that table', async () => {
    const { database } = db()
    await migrate(database, packagesOf({ shop: { migrations: first } }))
    await query(database, "INSERT INTO shop.plain VALUES (3, 'a')")
    await query(database, 'CREATE UNIQUE INDEX CONCURRENTLY idx ON shop.plain (note)').catch(() => undefined)
    expect(await invalid()).toEqual([{ index: 'shop.idx' }])
    await run('CREATE INDEX CONCURRENTLY idx ON shop.plain (note);')
    expect(await invalid()).toEqual([])
  })

  test('of an interrupted migration stands in the way of going down, until it is finished', async () => {
    const { database } = db()
    const two = (last: string) =>
      `CREATE INDEX CONCURRENTLY idx ON shop.plain (note);\nCREATE INDEX CONCURRENTLY idx_2 ON shop.plain (${last});`
    await refusal(() => run(two('missing')))
    const error = await refusal(() => migrate(database, index(two('id')), { direction: 'down', to: 'zero' }))
    expect(error.code).toBe('unfinished_migration')
    expect(error.message).toContain(`${file}@shop`)
    expect(error.detail).toBe('1 of its 2 statements are done.')
    await run(two('id'))
    await migrate(database, index(two('id')), { direction: 'down', to: 'zero' })
    await run(two('id'))
    expect(await snapshot()).toContain('CREATE INDEX idx ON shop.plain')
  })
})
