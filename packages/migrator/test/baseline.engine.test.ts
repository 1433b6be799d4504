import { expect, test, vi } from 'vitest'
import { onEachEngine } from '../../../test/engines.ts'
import { freshDatabase } from '../../../test/fresh-database.ts'
import { everything, ledgerNames, migrate, packagesOf, query, withClient } from '../../../test/migrating.ts'
import { migration, type PackageSource } from '../../../test/packages.ts'
import { refusal } from '../../../test/refusals.ts'
import { type Baseline, type BaselineTarget, baseline, planBaseline } from '../src/baseline/baseline.ts'
import { compareWithShadow } from '../src/baseline/compare-with-shadow.ts'
import type { MigrationPackage } from '../src/index.ts'
import { readRepairs } from '../src/repair/repair.ts'

// A scratch database in memory takes seconds, and many more on a busy machine.
vi.setConfig({ testTimeout: 300_000 })

const up = [
  'CREATE SCHEMA shop;',
  'CREATE TABLE shop.orders (id bigint PRIMARY KEY, note varchar(:size)); CREATE INDEX idx_orders_note ON shop.orders (note);',
  "CREATE TABLE shop.lines (id bigint REFERENCES shop.orders); COMMENT ON TABLE shop.lines IS 'Lines.';",
] as const
const files = ['20260101000000_create_shop', '20260102000000_create_orders', '20260103000000_create_lines'] as const
const names = files.map((file) => `${file}@shop`)
const shop: PackageSource = {
  athena: { variables: { size: { type: 'integer', default: 10 } } },
  migrations: {
    [files[0]]: migration(up[0], 'DROP SCHEMA shop;'),
    [files[1]]: migration(up[1], 'DROP TABLE shop.orders;'),
    [files[2]]: migration(up[2], 'DROP TABLE shop.lines;'),
  },
  functions: { n: 'CREATE OR REPLACE FUNCTION shop.n () RETURNS int LANGUAGE sql AS $$ SELECT 1 $$;' },
}
const byHand = up.join('\n').replace(':size', '10')

onEachEngine('baseline', (engine) => {
  const db = freshDatabase(engine)
  const packages = (source: PackageSource = shop) => packagesOf({ shop: source })
  const planned = async (target: BaselineTarget = {}, which: readonly MigrationPackage[] = packages()) => {
    const { database, url } = db()
    return withClient(database, (client) => planBaseline(client, which, target, { url, env: {} }))
  }
  /** A scratch database takes seconds: this one's outcome serves every test that compares with the same migrations. */
  let whole: Baseline | undefined
  const compared = async (): Promise<Baseline> => {
    whole ??= await planned()
    const { expected } = whole
    return { ...whole, ...(await withClient(db().database, (client) => compareWithShadow(client, expected))) }
  }
  const record = async (target: BaselineTarget = {}, which: readonly MigrationPackage[] = packages()) =>
    baseline(db().database, await planned(target, which), 'made by hand')

  test('records migrations whose objects are there, runs none of them, and up goes on from there', async () => {
    const { database } = db()
    await query(database, `${byHand} INSERT INTO shop.orders VALUES (1, 'kept')`)
    await record()
    expect(await ledgerNames(database)).toEqual(names)
    expect((await migrate(database, packages())).map(({ id }) => id)).toEqual(['shop/n'])
    expect(await query(database, 'SELECT * FROM shop.orders')).toEqual([{ id: '1', note: 'kept' }])
    expect(
      await query(
        database,
        "SELECT variables, duration = '0' AS instant, applied_by = session_user AS mine FROM athena_migrations.migrations WHERE id = 2",
      ),
    ).toEqual([{ variables: { size: '10' }, instant: true, mine: true }])
    const kept = await withClient(database, readRepairs)
    expect(kept.map(({ kind, id, reason, checksumBefore }) => [kind, id, reason, checksumBefore])).toEqual(
      names.map((name) => ['baseline', name, 'made by hand', null]),
    )
    await migrate(database, packages(), { direction: 'down', to: 'zero' })
    expect(await query(database, "SELECT to_regnamespace('shop') AS shop")).toEqual([{ shop: null }])
  })

  test('records up to a given migration, and the rest is applied by up', async () => {
    const { database } = db()
    await query(database, `${up[0]} ${up[1].replace(':size', '10')}`)
    await record({ to: files[1] })
    expect(await ledgerNames(database)).toEqual(names.slice(0, 2))
    await migrate(database, packages())
    expect(await ledgerNames(database)).toEqual(names)
  })

  test('records the values of variables that the objects were made with', async () => {
    const { database } = db()
    await query(database, byHand.replace('(10)', '(77)'))
    const wrong = await compared()
    expect(wrong.differences.map(({ state, object }) => [state, object])).toEqual([
      ['different', 'column shop.orders.note'],
    ])
    await record({ variables: { size: '77' } })
    expect(await query(database, 'SELECT variables FROM athena_migrations.migrations WHERE id = 2')).toEqual([
      { variables: { size: '77' } },
    ])
  })

  test.each([
    ['a table that is missing', 'DROP TABLE shop.lines', [['missing', 'table shop.lines']]],
    [
      'a column that is missing',
      'ALTER TABLE shop.lines DROP COLUMN id',
      [
        ['missing', 'column shop.lines.id'],
        ['missing', 'constraint shop.lines.lines_id_fkey'],
      ],
    ],
    [
      'a column of another type',
      'ALTER TABLE shop.orders ALTER COLUMN note TYPE text',
      [['different', 'column shop.orders.note']],
    ],
    [
      'a constraint that is not valid',
      'ALTER TABLE shop.lines DROP CONSTRAINT lines_id_fkey, ADD CONSTRAINT lines_id_fkey FOREIGN KEY (id) REFERENCES shop.orders NOT VALID',
      [['different', 'constraint shop.lines.lines_id_fkey']],
    ],
    ['an index that is missing', 'DROP INDEX shop.idx_orders_note', [['missing', 'index shop.idx_orders_note']]],
    [
      'an index that is invalid',
      "UPDATE pg_index SET indisvalid = false WHERE indexrelid = 'shop.idx_orders_note'::regclass",
      [['different', 'index shop.idx_orders_note']],
    ],
    [
      'everything missing',
      'DROP SCHEMA shop CASCADE',
      [
        ['missing', 'schema shop'],
        ['missing', 'table shop.orders'],
        ['missing', 'table shop.lines'],
      ],
    ],
  ])('refuses %s, and records nothing', async (_, fault, differences) => {
    const { database } = db()
    await query(database, byHand)
    await query(database, fault)
    const before = await everything(database)
    const plan = await compared()
    expect(plan.differences.map(({ state, object }) => [state, object]).toSorted()).toEqual(differences.toSorted())
    const error = await refusal(() => baseline(database, plan, 'x'))
    expect(error.code).toBe('baseline_differs')
    for (const [state, object] of differences) expect(error.detail).toContain(`${state}: ${object}`)
    expect(await everything(database)).toBe(before)
  })

  test('leaves alone what is there besides, and says so; comments may read otherwise', async () => {
    const { database } = db()
    await query(
      database,
      `${byHand} ALTER TABLE shop.orders ADD COLUMN mine int CHECK (mine > 0); CREATE TABLE shop.more (); COMMENT ON TABLE shop.lines IS NULL`,
    )
    const plan = await compared()
    expect(plan.differences).toEqual([])
    expect(plan.notes.join('\n')).toContain('column shop.orders.mine, constraint shop.orders.orders_mine_check')
    expect(plan.notes.join('\n')).toContain('1 comments')
    await baseline(database, plan, 'x')
    expect(await ledgerNames(database)).toEqual(names)
  })

  test('refuses where everything is recorded already', async () => {
    const { database } = db()
    await migrate(database, packages())
    expect((await refusal(() => planned())).code).toBe('nothing_to_baseline')
    expect((await refusal(() => planned({ to: files[0] }))).code).toBe('nothing_to_baseline')
  })

  test.each([0, 1, 2])('puts a row of the ledger that was lost (number %i) back where it was', async (lost) => {
    const { database } = db()
    const other = {
      dependencies: ['shop'],
      migrations: {
        '20260102120000_create_view': migration(
          'CREATE VIEW shop.v AS SELECT id FROM shop.orders;',
          'DROP VIEW shop.v;',
        ),
      },
    }
    const both = () => packagesOf({ shop, other })
    await migrate(database, both())
    const before = await ledgerNames(database)
    await query(database, 'DELETE FROM athena_migrations.migrations WHERE name = $1', [names[lost]])
    await record({}, both())
    expect(await ledgerNames(database)).toEqual(before)
    expect(await migrate(database, both())).toEqual([])
    await migrate(database, both(), { direction: 'down', to: 'zero' })
    expect(await ledgerNames(database)).toEqual([])
  })

  test('finishes with a migration that was interrupted, once all of it is there', async () => {
    const { database } = db()
    const halves = {
      ...shop,
      migrations: {
        ...shop.migrations,
        [files[2]]: migration(`SELECT 1 / count(*) FROM public.go; ${up[2]}`, '', '--! no-transaction'),
      },
    }
    await query(database, 'CREATE TABLE public.go ()')
    await refusal(() => migrate(database, packages(halves)))
    await query(database, up[2])
    // On the scratch database there is no such table.
    const error = await refusal(() => planned({}, packages(halves)))
    expect([error.code, error.detail]).toEqual(['shadow_failed', expect.stringContaining('public.go')])
    const same = packages({
      ...shop,
      migrations: { ...shop.migrations, [files[2]]: migration(up[2], '', '--! no-transaction') },
    })
    await record({}, same)
    expect(await query(database, 'SELECT * FROM athena_migrations.attempts')).toEqual([])
    expect(await ledgerNames(database)).toEqual(names)
  })

  test('looks again under the lock', async () => {
    const { database } = db()
    await query(database, byHand)
    const plan = await compared()
    await query(database, 'DROP TABLE shop.lines')
    const before = await everything(database)
    expect((await refusal(() => baseline(database, plan, 'x'))).code).toBe('baseline_differs')
    expect(await everything(database)).toBe(before)
    await query(database, up[2])
    await baseline(database, plan, 'x')
    expect((await refusal(() => baseline(database, plan, 'x'))).code).toBe('plan_changed')
  })

  test('refuses what it does not know', async () => {
    expect((await refusal(() => planned({ to: '20260101000000_create_shp' }))).code).toBe('unknown_target')
    expect((await refusal(() => planned({ only: ['shp'] }))).code).toBe('unknown_package')
    expect((await refusal(() => planned({ variables: { sise: '3' } }))).code).toBe('unknown_variable')
  })
})
