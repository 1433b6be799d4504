import { expect, test, vi } from 'vitest'
import { onEachEngine } from '../../../test/engines.ts'
import { freshDatabase } from '../../../test/fresh-database.ts'
import { packagesOf, query } from '../../../test/migrating.ts'
import { migration } from '../../../test/packages.ts'
import { type TracedStatement, verify } from '../src/verify/verify.ts'

const ground = migration(
  'CREATE SCHEMA shop; CREATE TABLE shop.customers (id bigint PRIMARY KEY, n int, name text);',
  'DROP SCHEMA shop CASCADE;',
)

// A scratch database takes seconds, and many more on a busy machine.
vi.setConfig({ testTimeout: 300_000 })

onEachEngine('locks as verify tells them', (engine) => {
  const db = freshDatabase(engine)

  /** Of the second migration, by the beginning of its statement. */
  async function traced(up: string, down: string, head = ''): Promise<TracedStatement[]> {
    const migrations = { '20260101000000_ground': ground, '20260102000000_change': migration(up, down, head) }
    const found = await verify(db().database, packagesOf({ shop: { migrations } }))
    expect(found.findings).toEqual([])
    return found.statements.filter(({ migration: of }) => of === 'shop/20260102000000_change')
  }

  test.each([
    [
      'ALTER TABLE shop.customers ADD COLUMN more int;',
      'DROP COLUMN more',
      'ACCESS EXCLUSIVE',
      'reads and writes',
      false,
    ],
    [
      'ALTER TABLE shop.customers ADD COLUMN more float DEFAULT random();',
      'DROP COLUMN more',
      'ACCESS EXCLUSIVE',
      'reads and writes',
      true,
    ],
    [
      'ALTER TABLE shop.customers ALTER n TYPE bigint;',
      'ALTER n TYPE int',
      'ACCESS EXCLUSIVE',
      'reads and writes',
      true,
    ],
    [
      'ALTER TABLE shop.customers ALTER name SET STATISTICS 500;',
      'ALTER name SET STATISTICS -1',
      'SHARE UPDATE EXCLUSIVE',
      'nothing',
      false,
    ],
    ['CREATE INDEX idx ON shop.customers (n);', 'ALTER n DROP DEFAULT; DROP INDEX shop.idx', 'SHARE', 'writes', false],
    [
      'CREATE TRIGGER t BEFORE INSERT ON shop.customers EXECUTE FUNCTION suppress_redundant_updates_trigger();',
      'DISABLE TRIGGER USER; DROP TRIGGER t ON shop.customers',
      'SHARE ROW EXCLUSIVE',
      'writes',
      false,
    ],
    ['UPDATE shop.customers SET n = 1;', 'ALTER n DROP DEFAULT', 'ROW EXCLUSIVE', 'nothing', false],
    ['LOCK TABLE shop.customers IN EXCLUSIVE MODE;', 'ALTER n DROP DEFAULT', 'EXCLUSIVE', 'writes', false],
  ])('%s', async (up, down, mode, blocks, rewrote) => {
    const [statement] = await traced(up, `ALTER TABLE shop.customers ${down};`)
    expect(statement?.locks[0]).toEqual({ relation: 'shop.customers', mode, isNew: false, blocks, rewrote })
    expect(statement).toMatchObject({ isSampled: false, sql: up.slice(0, -1) })
    expect(statement?.milliseconds).toBeGreaterThan(0)
  })

  test('a new table is marked, the one that it refers to comes first; a lock that is held already is not told again', async () => {
    const [create, alter, again] = await traced(
      `CREATE TABLE shop.orders (customer_id bigint REFERENCES shop.customers (id));
       ALTER TABLE shop.orders ADD COLUMN n float DEFAULT random(); SELECT count(*) FROM shop.orders;`,
      'DROP TABLE shop.orders;',
    )
    expect(create?.locks).toMatchObject([
      { relation: 'shop.customers', mode: 'SHARE ROW EXCLUSIVE', isNew: false, blocks: 'writes' },
      { relation: 'shop.orders', mode: 'ACCESS EXCLUSIVE', isNew: true },
    ])
    expect(alter?.locks.filter(({ isNew }) => !isNew)).toEqual([])
    expect(again?.locks).toEqual([])
  })

  test('what cannot run in a transaction is watched', async () => {
    const statements = await traced(
      'CREATE INDEX CONCURRENTLY idx_customers_n ON shop.customers (n);',
      'DROP INDEX CONCURRENTLY shop.idx_customers_n;',
      '--! no-transaction',
    )
    expect(statements).toMatchObject([
      {
        sql: 'CREATE INDEX CONCURRENTLY idx_customers_n ON shop.customers (n)',
        isSampled: true,
        milliseconds: null,
        locks: [{ relation: 'shop.customers', mode: 'SHARE UPDATE EXCLUSIVE', blocks: 'nothing', isNew: false }],
      },
    ])
  })

  test('what a statement locks to let a file grow is no lock of its table', async () => {
    const migrations = {
      '20260101000000_ground': migration(
        "CREATE SCHEMA shop; CREATE TABLE shop.customers (id bigint, name text); INSERT INTO shop.customers SELECT n, 'a' FROM generate_series(1, 20000) AS n;",
        'DROP SCHEMA shop CASCADE;',
      ),
      '20260102000000_fill': migration(
        "UPDATE shop.customers SET name = repeat('b', 1000) WHERE ctid = ANY (ARRAY (SELECT ctid FROM shop.customers WHERE name = 'a' LIMIT :batch));",
        '',
        '--! batch: 500',
      ),
    }
    const { statements } = await verify(db().database, packagesOf({ shop: { migrations } }))
    const [filled] = statements.filter(({ migration: of }) => of === 'shop/20260102000000_fill')
    expect(filled?.locks).toMatchObject([{ relation: 'shop.customers', mode: 'ROW EXCLUSIVE', blocks: 'nothing' }])
  })

  test('on a partitioned table the statements of the runner are told: SHARE on the parent, then each partition', async () => {
    const base = migration(
      `CREATE SCHEMA shop; CREATE TABLE shop.parts (k int) PARTITION BY LIST (k); CREATE TABLE shop.p1 PARTITION OF shop.parts FOR VALUES IN (1);
       CREATE TABLE shop.p2 PARTITION OF shop.parts FOR VALUES IN (2);`,
      'DROP SCHEMA shop CASCADE;',
    )
    const index = migration(
      'CREATE INDEX CONCURRENTLY idx_parts ON shop.parts (k);',
      'DROP INDEX shop.idx_parts;',
      '--! no-transaction',
    )
    const migrations = { '20260101000000_ground': base, '20260102000000_index': index }
    const { statements } = await verify(db().database, packagesOf({ shop: { migrations } }))
    const locks = statements
      .filter(({ isSampled }) => isSampled)
      .map(({ sql, locks: [lock] }) => [sql.split(' ON ')[0], lock?.mode, lock?.relation])
    expect(locks).toContainEqual(['CREATE INDEX "idx_parts"', 'SHARE', 'shop.parts'])
    expect(locks).toContainEqual(['CREATE INDEX CONCURRENTLY "idx_p1"', 'SHARE UPDATE EXCLUSIVE', 'shop.p1'])
    expect(locks).toContainEqual(['CREATE INDEX CONCURRENTLY "idx_p2"', 'SHARE UPDATE EXCLUSIVE', 'shop.p2'])
  })

  test('nothing of the look stays: the schema is there once, and no session waits', async () => {
    await traced('ALTER TABLE shop.customers ADD COLUMN more int;', 'ALTER TABLE shop.customers DROP COLUMN more;')
    expect(
      await query(
        db().database,
        "SELECT count(*)::int AS n FROM pg_attribute WHERE attrelid = 'shop.customers'::regclass AND attname = 'more'",
      ),
    ).toEqual([{ n: 1 }])
    const others =
      "SELECT application_name FROM pg_stat_activity WHERE datname = current_database() AND application_name ~ 'trace|gate|watch'"
    expect(await query(db().database, others)).toEqual([])
  })
})
