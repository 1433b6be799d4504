import { expect, test, vi } from 'vitest'
import { onEachEngine } from '../../../test/engines.ts'
import { freshDatabase } from '../../../test/fresh-database.ts'
import { packagesOf } from '../../../test/migrating.ts'
import { migration } from '../../../test/packages.ts'
import { realPackages } from '../../../test/real-packages.ts'
import { refusal } from '../../../test/refusals.ts'
import { differenceLines, type Verification, verify } from '../src/verify/verify.ts'

const schema = migration('CREATE SCHEMA shop;', 'DROP SCHEMA shop;')
const orders = migration('CREATE TABLE shop.orders (id bigint PRIMARY KEY, note text);', 'DROP TABLE shop.orders;')

// A scratch database takes seconds, and many more on a busy machine.
vi.setConfig({ testTimeout: 300_000 })

onEachEngine('verify', (engine) => {
  const db = freshDatabase(engine)
  const shop = (migrations: Record<string, string>, functions: Record<string, string> = {}) =>
    packagesOf({
      shop: {
        migrations: { '20260101000000_create_shop': schema, '20260102000000_create_orders': orders, ...migrations },
        functions,
      },
    })
  const tried = (migrations: Record<string, string>, functions?: Record<string, string>): Promise<Verification> =>
    verify(db().database, shop(migrations, functions))
  const name = (file: string) => `shop/${file}`

  test('finds nothing wrong with the packages of athena-pg', { timeout: 600_000 }, async () => {
    const trying: number[] = []
    const found = await verify(db().database, realPackages(), { trying: (_, number) => trying.push(number) })
    const count = realPackages().flatMap((pack) => pack.migrations).length
    expect(found).toMatchObject({ migrations: count, functions: 2, findings: [], irreversible: [] })
    expect(trying).toEqual(Array.from({ length: count }, (_, index) => index + 1))
    expect(found.notes).toEqual([
      '@athena-pg/schema/20261122090041_describe_memories leaves comments behind when it goes down',
      '@athena-pg/schema/20261122090111_describe_episodic_events leaves comments behind when it goes down',
    ])
    expect(found.statements.length > 0).toBe(engine.kind === 'server')
  })

  test('a schema stays with the extension that lives in it, whatever it is called', async () => {
    const found = await tried({
      '20260103000000_create_vector': migration(
        'CREATE SCHEMA IF NOT EXISTS "MyTypes"; CREATE EXTENSION IF NOT EXISTS vector SCHEMA "MyTypes";',
        'SELECT 1;',
      ),
    })
    expect(found.findings).toEqual([])
  })

  test('names the migration whose Down leaves something behind, and shows what', async () => {
    const file = '20260103000000_index_notes'
    const found = await tried({
      [file]: migration(
        'CREATE INDEX idx_orders_note ON shop.orders (note); ALTER TABLE shop.orders ALTER note SET NOT NULL;',
        'DROP INDEX shop.idx_orders_note;',
      ),
      '20260104000000_add_lines': migration('CREATE TABLE shop.lines ();', 'DROP TABLE shop.lines;'),
    })
    expect(found.findings).toMatchObject([{ code: 'down_leaves_changes', migration: name(file) }])
    expect(found.findings[0]?.path).toContain(`${file}.sql`)
    expect(found.findings[0]?.differences.map(({ state, object }) => `${state} ${object}`)).toEqual([
      'different column shop.orders.note',
    ])
    expect(found.findings[0]?.differences.flatMap(differenceLines)).toEqual(['- note text', '+ note text NOT NULL'])
    expect(found).toMatchObject({ migrations: 4 })
    expect(found.notes).toHaveLength(1)
  })

  test('names the migration whose Down takes too much', async () => {
    const file = '20260103000000_add_lines'
    const found = await tried({
      [file]: migration(
        'CREATE TABLE shop.lines ();',
        'DROP TABLE shop.lines; ALTER TABLE shop.orders DROP COLUMN note;',
      ),
    })
    expect(found.findings.map(({ code, migration: of }) => [code, of])).toEqual([
      ['down_leaves_changes', name(file)],
      ['up_again_differs', name(file)],
    ])
    expect(found.findings[0]?.differences).toMatchObject([{ state: 'missing', object: 'column shop.orders.note' }])
  })

  test('stops where a migration does not go up again, and says what was not tried', async () => {
    const file = '20260103000000_add_lines'
    const found = await tried({
      [file]: migration('CREATE TABLE shop.lines ();', 'SELECT 1;'),
      '20260104000000_more': migration('SELECT 1;', 'SELECT 1;'),
    })
    expect(found.findings.map(({ code }) => code)).toEqual(['down_leaves_changes', 'up_again_failed'])
    expect(found.findings[1]?.detail).toMatch(/20260103000000_add_lines\.sql:2:1: .*already exists/)
    expect(found.notes).toContain(`1 migrations after ${name(file)} were not tried`)
    expect(found.migrations).toBe(3)
  })

  test('goes on after a Down that fails, with its place', async () => {
    const file = '20260103000000_add_lines'
    const found = await tried({
      [file]: migration('CREATE TABLE shop.lines ();', 'DROP TABLE shop.line;'),
      '20260104000000_more': migration('CREATE TABLE shop.more ();', 'DROP TABLE shop.more;'),
    })
    expect(found.findings).toMatchObject([{ code: 'down_failed', migration: name(file) }])
    expect(found.findings[0]?.detail).toMatch(/add_lines\.sql:5:1: table "line" does not exist/)
    expect(found.migrations).toBe(4)
  })

  test('stops after a Down without transaction that fails, which may be half done', async () => {
    const found = await tried({
      '20260103000000_add_lines': migration(
        'CREATE TABLE shop.lines ();',
        'DROP TABLE shop.lines; DROP TABLE shop.line;',
        '--! no-transaction',
      ),
      '20260104000000_more': migration('SELECT 1;', 'SELECT 1;'),
    })
    expect(found.findings.map(({ code }) => code)).toEqual(['down_failed'])
    expect(found.notes).toContain('1 migrations after shop/20260103000000_add_lines were not tried')
  })

  test('names what has no way down, and tries what lies above it', async () => {
    const found = await tried({
      '20260103000000_one_way': migration('DROP TABLE shop.orders;', '', '--! irreversible: the rows are gone'),
      '20260104000000_more': migration('CREATE TABLE shop.more ();', 'DROP TABLE shop.more;'),
    })
    expect(found).toMatchObject({
      findings: [],
      irreversible: [{ migration: 'shop/20260103000000_one_way', reason: 'the rows are gone' }],
      notes: ['nothing below shop/20260103000000_one_way was taken back, as it has no way down'],
    })
  })

  test('leaves a comment, an extension and its schema behind without complaint', async () => {
    const found = await tried({
      '20260103000000_describe': migration("COMMENT ON TABLE shop.orders IS 'Orders.';", '-- Goes with the table.'),
      '20260104000000_extend': migration('CREATE SCHEMA ext; CREATE EXTENSION vector SCHEMA ext;', 'SELECT 1;').replace(
        'CREATE SCHEMA ext; CREATE EXTENSION vector',
        'CREATE SCHEMA IF NOT EXISTS ext; CREATE EXTENSION IF NOT EXISTS vector',
      ),
    })
    expect(found).toMatchObject({
      findings: [],
      notes: ['shop/20260103000000_describe leaves comments behind when it goes down'],
    })
  })

  test('is not told of a column that comes back as the last one, which PostgreSQL cannot help', async () => {
    const found = await tried({
      '20260103000000_drop_note': migration(
        'ALTER TABLE shop.orders DROP COLUMN note; ALTER TABLE shop.orders ADD COLUMN last int;',
        'ALTER TABLE shop.orders DROP COLUMN last; ALTER TABLE shop.orders ADD COLUMN note text;',
      ),
    })
    expect(found.findings).toEqual([])
  })

  test('tries functions as well, on the whole way', async () => {
    const double = "CREATE OR REPLACE FUNCTION shop.double (a integer) RETURNS integer LANGUAGE sql AS 'SELECT 2 * a'"
    expect(await tried({}, { double })).toMatchObject({ findings: [], functions: 1 })
  })

  test('throws what a migration that does not even go up throws', async () => {
    const error = await refusal(() => tried({ '20260103000000_wrong': migration('SELECT 1/0;', '') }))
    expect(error.code).toBe('migration_failed')
    expect(error.detail).toContain('division by zero')
  })
})
