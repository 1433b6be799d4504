import { expect, test, vi } from 'vitest'
import { onEachEngine } from '../../../test/engines.ts'
import { freshDatabase } from '../../../test/fresh-database.ts'
import { everything, migrate, packagesOf, query, withClient } from '../../../test/migrating.ts'
import { migration } from '../../../test/packages.ts'
import { refusal } from '../../../test/refusals.ts'
import { type Drift, drift } from '../src/drift/drift.ts'
import type { MigrationPackage } from '../src/index.ts'
import { changes, compatible } from './drift-changes.ts'
import { shop } from './drift-shop.ts'

vi.setConfig({ testTimeout: 300_000 })

onEachEngine('drift', (engine) => {
  const db = freshDatabase(engine)
  const run = (sql: string) => query(db().database, sql)
  const look = (packages: readonly MigrationPackage[] = shop()): Promise<Drift> =>
    withClient(db().database, (client) => drift(client, packages, engine.kind === 'server' ? { url: db().url } : {}))
  const named = ({ findings }: Drift): string[] => findings.map(({ state, object }) => `${state} ${object}`)
  const mend = async ({ findings }: Drift): Promise<void> => {
    for (const { object, mend: how } of findings) {
      expect(how.sql, object).not.toEqual([])
      for (const statement of how.sql) await run(statement)
    }
  }

  // A shadow takes seconds on the embedded database: there, what can be done at once is.
  const together = changes.filter(([change]) => compatible.includes(change))
  const alone: [string, string[]][] =
    engine.kind === 'server'
      ? changes
      : [[together.map(([change]) => change).join('; '), together.flatMap(([, objects]) => objects)]]

  test.each(alone)('finds %s, and its SQL mends it', async (change, objects) => {
    await migrate(db().database, shop())
    await run(change)
    const before = await everything(db().database)
    const found = await look()
    expect(named(found).sort()).toEqual(objects.toSorted())
    expect(await everything(db().database)).toBe(before)
    await mend(found)
    expect(named(await look())).toEqual([])
  })

  test('is none where a store was used: rows, statistics, grants, owners, more partitions, columns in another order', async () => {
    await migrate(db().database, shop())
    const role = `athena_spec_${Math.random().toString(36).slice(2)}`
    await run(`INSERT INTO shop.orders (note, n) VALUES ('a', 1); ANALYZE; CREATE ROLE ${role}; GRANT SELECT ON shop.orders TO ${role};
      ALTER TABLE shop.later OWNER TO ${role}; CREATE TABLE public.of_others (id int);
      CREATE TABLE shop.events_2026_03 PARTITION OF shop.events FOR VALUES FROM ('2026-03-01Z') TO ('2026-04-01Z');
      CREATE TABLE shop.lines_of_seven PARTITION OF shop.lines FOR VALUES IN (7);
      ALTER TABLE shop.orders DROP COLUMN amount; ALTER TABLE shop.orders ADD COLUMN amount numeric(10, 2) DEFAULT 0`)
    try {
      const found = await look()
      expect(named(found)).toEqual([])
      expect(found).toMatchObject({ migrations: 2, notes: [] })
    } finally {
      await run(`DROP OWNED BY ${role} CASCADE; DROP ROLE ${role}`)
    }
  })

  test('tells a migration that does not run on the shadow from one that failed here', async () => {
    const copy = migration('CREATE TABLE public.copied AS SELECT FROM public.go;', 'DROP TABLE public.copied;')
    const packages = packagesOf({ copies: { migrations: { '20260101000000_copy': copy } } })
    await run('CREATE TABLE public.go ()')
    await migrate(db().database, packages)
    expect(await refusal(() => look(packages))).toMatchObject({
      code: 'shadow_failed',
      detail: expect.stringContaining('public.go'),
      hint: expect.stringContaining('This database was not changed.'),
    })
  })

  test('knows what is applied, and no more: pending migrations are not missed, of a changed function nothing is said', async () => {
    await migrate(db().database, shop(), { to: '20260101000000_create_shop' })
    expect(named(await look())).toEqual([])
    await migrate(db().database, shop())
    await run("CREATE OR REPLACE FUNCTION shop.double (a integer) RETURNS integer LANGUAGE sql AS 'SELECT 7'")
    const newer = shop({
      double: "CREATE OR REPLACE FUNCTION shop.double (a integer) RETURNS integer LANGUAGE sql AS 'SELECT 4'",
    })
    expect(await look(newer)).toMatchObject({
      findings: [],
      notes: ['function shop/double was not compared: its file is not the one that was applied'],
    })
    expect(await look(shop({}))).toMatchObject({ findings: [], notes: [expect.stringContaining('shop/double')] })
  })

  test('is refused where what was applied is not known any more', async () => {
    await migrate(db().database, shop())
    const other = packagesOf({ other: { migrations: { '20260301000000_x': migration('SELECT 1;') } } })
    const error = await refusal(() => look(other))
    expect(error.code).toBe('missing_file')
    expect(error.detail).toContain('20260101000000_create_shop@shop')
  })

  test('says what needs a hand, and what deletes rows', async () => {
    await migrate(db().database, shop())
    await run(
      'ALTER TABLE shop.orders ALTER twice DROP EXPRESSION; CREATE TABLE shop.by_hand (id int); DROP VIEW shop.glad',
    )
    const found = await look()
    const [table, column] = ['table shop.by_hand', 'column shop.orders.twice'].map((object) =>
      found.findings.find((finding) => finding.object === object),
    )
    expect(table).toMatchObject({ state: 'unexpected', mend: { sql: ['DROP TABLE shop.by_hand;'], losesData: true } })
    expect(column).toMatchObject({
      state: 'different',
      mend: { sql: [], remark: expect.stringContaining('column beside it') },
    })
    expect(column?.diff).toEqual(['- twice integer GENERATED ALWAYS AS ((n * 2)) STORED', '+ twice integer'])
  })

  test('names the migration that is half done, whose objects show until it is finished', async () => {
    const half = packagesOf({
      half: {
        migrations: {
          '20260101000000_ground': migration('CREATE SCHEMA shop; CREATE TABLE shop.t (n integer);'),
          '20260102000000_index': migration(
            'CREATE INDEX CONCURRENTLY idx_done ON shop.t (n);\nSELECT 1 / n FROM (VALUES (0)) AS v (n);',
            '',
            '--! no-transaction',
          ),
        },
      },
    })
    expect(await refusal(() => migrate(db().database, half))).toMatchObject({ code: 'migration_failed' })
    const found = await look(half)
    expect(named(found)).toEqual(['unexpected index shop.idx_done'])
    expect(found.interrupted).toEqual(['20260102000000_index@half'])
  })

  test('is none where nothing was ever applied', async () => {
    expect(await look()).toEqual({
      migrations: 0,
      findings: [],
      notes: ['nothing is applied here yet'],
      interrupted: [],
    })
  })
})
