import { expect, test } from 'vitest'
import { onEachEngine } from '../../../test/engines.ts'
import { freshDatabase } from '../../../test/fresh-database.ts'
import { everything, ledgerNames, migrate, packagesOf, query } from '../../../test/migrating.ts'
import { migration } from '../../../test/packages.ts'
import { refusal } from '../../../test/refusals.ts'

const first = { '20260101000000_create': migration('CREATE SCHEMA shop; CREATE TABLE shop.orders (id int);') }
const file = '20260102000000_more'

onEachEngine('a ledger row that was deleted by hand', (engine) => {
  const db = freshDatabase(engine)
  const packages = (up: string, head = '') =>
    packagesOf({ shop: { migrations: { ...first, [file]: migration(up, '', head) } } })
  const forget = (name: string) =>
    query(db().database, 'DELETE FROM athena_migrations.migrations WHERE file = $1', [name])

  test.each([
    ['a table', 'CREATE TABLE shop.more (id int);', 'relation "more" already exists (42P07)'],
    ['a column', 'CREATE TABLE shop.x (); DROP TABLE shop.x; ALTER TABLE shop.orders ADD COLUMN note text;', '(42701)'],
    ['a schema', 'CREATE SCHEMA cold;', 'schema "cold" already exists (42P06)'],
    ['an index', 'CREATE INDEX by_id ON shop.orders (id);', '(42P07)'],
    ['a function', "CREATE FUNCTION shop.f () RETURNS int LANGUAGE sql AS 'SELECT 1';", '(42723)'],
    ['a constraint', 'ALTER TABLE shop.orders ADD CONSTRAINT c CHECK (id > 0);', '(42710)'],
  ])('is told by what is there already, with the way out, and nothing is changed: %s', async (_, up, detail) => {
    const { database } = db()
    await migrate(database, packages(up))
    await query(database, 'INSERT INTO shop.orders VALUES (1)')
    await forget(file)
    const before = await everything(database)
    const error = await refusal(() => migrate(database, packages(up)))
    expect(error.code).toBe('migration_failed')
    expect(error.detail).toContain(`${file}.sql:2:`)
    expect(error.detail).toContain(detail)
    expect(error.hint).toContain('the row was deleted')
    expect(error.hint).toContain('athena migrate baseline')
    expect(await everything(database)).toBe(before)
    expect(await query(database, 'SELECT * FROM shop.orders')).toHaveLength(1)
  })

  test('of a concurrent index is told likewise: the valid index stays', async () => {
    const { database } = db()
    const index = packages('CREATE INDEX CONCURRENTLY by_id ON shop.orders (id);', '--! no-transaction')
    await migrate(database, index)
    await forget(file)
    const error = await refusal(() => migrate(database, index))
    expect(error.code).toBe('index_exists')
    expect(await query(database, "SELECT indisvalid FROM pg_index WHERE indexrelid = 'shop.by_id'::regclass")).toEqual([
      { indisvalid: true },
    ])
  })

  test('below one that is applied is told before anything runs', async () => {
    const { database } = db()
    await migrate(database, packages('CREATE TABLE shop.more ();'))
    await forget('20260101000000_create')
    const before = await everything(database)
    const error = await refusal(() => migrate(database, packages('CREATE TABLE shop.more ();')))
    expect(error.code).toBe('out_of_order')
    expect(error.hint).toContain('its row of the ledger is gone')
    expect(await everything(database)).toBe(before)
  })

  test('with the whole table is as if nothing had been applied: the first file says so', async () => {
    const { database } = db()
    await migrate(database, packages('CREATE TABLE shop.more ();'))
    await query(database, 'DROP SCHEMA athena_migrations CASCADE')
    const error = await refusal(() => migrate(database, packages('CREATE TABLE shop.more ();')))
    expect(error.detail).toContain('schema "shop" already exists')
    expect(error.hint).toContain('athena migrate baseline')
    expect(await ledgerNames(database)).toEqual([])
  })
})
