import { expect, test } from 'vitest'
import { onEachEngine } from '../../../test/engines.ts'
import { freshDatabase } from '../../../test/fresh-database.ts'
import { migrate, packagesOf, query, withClient } from '../../../test/migrating.ts'
import { migration } from '../../../test/packages.ts'
import { catalogue, type IndexProgress } from '../src/index.ts'

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

  /** What a plain CREATE INDEX would have made. */
  async function expected(sql: string): Promise<string> {
    await query(db().database, tables)
    await query(db().database, sql.replace(' CONCURRENTLY', ''))
    const text = await snapshot()
    await query(db().database, 'DROP SCHEMA shop, cold CASCADE')
    return text
  }

  test.each([
    ['a table', 'CREATE INDEX CONCURRENTLY idx_plain_note ON shop.plain (note);'],
    [
      'a table, unique',
      'CREATE UNIQUE INDEX CONCURRENTLY idx_plain_id ON shop.plain (id) INCLUDE (note) WHERE id > 0;',
    ],
    [
      'a partitioned table',
      'CREATE INDEX CONCURRENTLY idx_parted_note ON shop.parted (note DESC NULLS LAST, lower(note)) WITH (fillfactor = 70) WHERE id > 0;',
    ],
    ['a partitioned table, by another name', 'CREATE INDEX CONCURRENTLY by_note ON shop.parted USING hash (note);'],
    [
      'a partitioned table, by a name that needs quotes',
      'CREATE INDEX CONCURRENTLY "By ""parted"" USING" ON shop.parted (note);',
    ],
    [
      'a partitioned table, by as long a name as can be',
      `CREATE INDEX CONCURRENTLY ${'i'.repeat(63)} ON shop.parted (note);`,
    ],
    ['a partition that is partitioned', 'CREATE INDEX CONCURRENTLY idx_parted_2_note ON shop.parted_2 (note);'],
    ['a partition', 'CREATE UNIQUE INDEX CONCURRENTLY idx_one ON shop."Parted 2 ""b""" (note);'],
  ])('works on %s, and gives what CREATE INDEX gives', async (_, sql) => {
    const wanted = await expected(sql)
    await run(sql)
    expect(await snapshot()).toBe(wanted)
    expect(await invalid()).toEqual([])
  })

  test('indexes every leaf of a partitioned table, and goes down again', async () => {
    const progress: IndexProgress[] = []
    const packages = index(
      'CREATE INDEX CONCURRENTLY idx_parted_note ON shop.parted (note);',
      'DROP INDEX shop.idx_parted_note;',
    )
    await migrate(db().database, packages, {}, { progress: (each) => progress.push(each) })
    expect(await attached('shop.idx_parted_note')).toBe(6)
    const names = await query<{ name: string }>(
      db().database,
      "SELECT relid::regclass::text AS name FROM pg_partition_tree('shop.idx_parted_note')",
    )
    expect(names.map(({ name }) => name)).toContain('shop.idx_parted_1_note')
    expect(progress.filter(({ phase }) => phase === '').map(({ partition }) => partition?.name)).toEqual([
      'parted_0',
      'parted_1',
      'Parted 2 "b"',
      'parted_2_a',
    ])
    await migrate(db().database, packages, { direction: 'down' })
    expect(await query(db().database, "SELECT to_regclass('shop.idx_parted_1_note') AS gone")).toEqual([{ gone: null }])
  })
})
