import { expect, test } from 'vitest'
import { onEachEngine } from '../../../test/engines.ts'
import { freshDatabase } from '../../../test/fresh-database.ts'
import { everything, ledgerNames, migrate, packagesOf, query } from '../../../test/migrating.ts'
import { migration } from '../../../test/packages.ts'
import { refusal } from '../../../test/refusals.ts'

const first = { '20260101000000_create_shop': migration('CREATE SCHEMA shop;', 'DROP SCHEMA shop;') }
const file = '20260102000000_break'

onEachEngine('a failing migration', (engine) => {
  const db = freshDatabase(engine)
  const packages = (text: string) => packagesOf({ shop: { migrations: { ...first, [file]: text } } })

  test('leaves nothing of itself, keeps those before it, and can be run again once it is mended', async () => {
    const { database } = db()
    await migrate(database, packages(''), { to: '20260101000000' }).catch(() => undefined)
    await migrate(database, packagesOf({ shop: { migrations: first } }))
    const before = await everything(database)
    const error = await refusal(() =>
      migrate(
        database,
        packages(
          migration('CREATE TABLE shop.t (a int);\nINSERT INTO shop.t VALUES (1);\n\n  SELECT missing FROM shop.t;'),
        ),
      ),
    )
    expect(error.code).toBe('migration_failed')
    expect(error.message).toBe(`migration shop/${file} failed`)
    expect(error.detail).toMatch(new RegExp(`${file}\\.sql:5:10: column "missing" does not exist \\(42703\\)$`))
    expect(error.hint).toContain('Nothing of this migration was applied or recorded')
    expect(await everything(database)).toBe(before)
    await migrate(database, packages(migration('CREATE TABLE shop.t (a int);')))
    expect(await ledgerNames(database)).toHaveLength(2)
  })

  test.each([
    [
      'in the first of two equal statements',
      "SELECT 1;\nSELECT 1 / (count(*) - 1) FROM pg_class WHERE relname = 'pg_class';\nSELECT 1;\nSELECT 1 / (count(*) - 1) FROM pg_class WHERE relname = 'pg_class';",
      '3:1',
      'division by zero (22012)',
    ],
    ['behind a character of two UTF-16 units', "SELECT '😀😀', missing;", '2:16', 'column "missing" does not exist'],
    ['behind a comment with a nested one', '/* a /* b */ c */ SELECT missing;', '2:26', 'column "missing"'],
    ['in a body, at the statement', 'SELECT 1;\nDO $$ BEGIN\n  PERFORM missing;\nEND $$;', '3:1', 'column "missing"'],
    ['in a later line of a statement', 'SELECT 1;\nSELECT 1,\n  2,\n  missing;', '5:3', 'column "missing"'],
    [
      "with the server's detail",
      'CREATE TABLE shop.t (a int PRIMARY KEY);\nINSERT INTO shop.t VALUES (1), (1);',
      '3:1',
      'Key (a)=(1) already exists.',
    ],
  ])('is told %s', async (_, up, place, detail) => {
    const error = await refusal(() => migrate(db().database, packages(migration(up))))
    expect(error.detail).toContain(`${file}.sql:${place}: `)
    expect(error.detail).toContain(detail)
  })

  test('is told with its place when variables stand before it', async () => {
    const athena = { variables: { long: { type: 'string', default: 'a rather long value' } } }
    const text = migration("SELECT :'long',\n  :'long', missing;")
    const error = await refusal(() =>
      migrate(db().database, packagesOf({ a: { athena, migrations: { [file]: text } } })),
    )
    expect(error.detail).toContain(`${file}.sql:3:12: column "missing"`)
  })

  test('on the way down keeps its row', async () => {
    const { database } = db()
    const only = packages(migration('CREATE TABLE shop.t ();', 'DROP TABLE shop.t;\nDROP TABLE shop.missing;'))
    await migrate(database, only)
    const error = await refusal(() => migrate(database, only, { direction: 'down' }))
    expect(error.detail).toContain(`${file}.sql:6:1: table "missing" does not exist`)
    expect(await ledgerNames(database)).toHaveLength(2)
    expect(await query(database, "SELECT to_regclass('shop.t') IS NULL AS gone")).toEqual([{ gone: false }])
  })

  test('without transaction goes on behind the statements that are done', async () => {
    const { database } = db()
    const text = (last: string) =>
      migration(`CREATE TABLE shop.a ();\nCREATE TABLE shop.b ();\n${last}`, '', '--! no-transaction')
    const error = await refusal(() => migrate(database, packages(text('SELECT missing;'))))
    expect(error.detail).toContain(`${file}.sql:5:8: column "missing"`)
    expect(error.hint).toContain('goes on from there')
    expect(await query(database, 'SELECT done, error FROM athena_migrations.attempts')).toEqual([
      { done: 2, error: 'column "missing" does not exist (42703)' },
    ])
    const changed = await refusal(() => migrate(database, packages(text('').replace('shop.b', 'shop.c'))))
    expect(changed.code).toBe('changed_attempt')
    expect(changed.hint).toContain('Put that statement back')
    expect(changed.detail).toContain('statement 2')
    const resumed: number[] = []
    await migrate(database, packages(text('CREATE TABLE shop.c ();')), {}, { resumed: (_, done) => resumed.push(done) })
    expect(resumed).toEqual([2])
    expect(await query(database, 'SELECT * FROM athena_migrations.attempts')).toEqual([])
    expect(await ledgerNames(database)).toHaveLength(2)
  })

  test('half way down without transaction is finished downwards before anything goes up', async () => {
    const { database } = db()
    const text = (down: string) => migration('CREATE TABLE shop.a ();', down, '--! no-transaction')
    const whole = packages(text('DROP TABLE shop.a;\nDROP TABLE IF EXISTS shop.b;'))
    await migrate(database, whole)
    await query(database, 'CREATE VIEW shop.b AS SELECT 1 AS one')
    const error = await refusal(() => migrate(database, whole, { direction: 'down' }))
    expect(error.detail).toContain('"b" is not a table')
    const up = await refusal(() => migrate(database, whole))
    expect(up.code).toBe('unfinished_migration')
    expect(up.hint).toContain('athena migrate down')
    await query(database, 'DROP VIEW shop.b')
    await migrate(database, whole, { direction: 'down' })
    expect(await migrate(database, whole)).toHaveLength(1)
  })

  test('without transaction goes on under the settings that it made before', async () => {
    const { database } = db()
    const text = (last: string) =>
      migration(`SET search_path = shop; CREATE TABLE a (); ${last}`, '', '--! no-transaction')
    await refusal(() => migrate(database, packages(text('SELECT missing;'))))
    await migrate(database, packages(text('CREATE TABLE b ();')))
    expect(await query(database, "SELECT to_regclass('shop.b') IS NOT NULL AS there")).toEqual([{ there: true }])
  })

  test.each([
    ['BEGIN', 'BEGIN;\nSELECT 1;', '2:1'],
    ['COMMIT', 'SELECT 1;\n COMMIT;', '3:2'],
    ['COPY FROM STDIN', 'COPY shop.t FROM STDIN;', '2:1'],
    ['CREATE INDEX CONCURRENTLY in a transaction', '\nCREATE INDEX CONCURRENTLY i ON shop.t (a);', '3:1'],
    ['CREATE INDEX CONCURRENTLY IF NOT EXISTS', 'CREATE INDEX CONCURRENTLY IF NOT EXISTS i ON shop.t (a);', '2:1'],
  ])('with %s is refused before anything is applied', async (_, up, place) => {
    const { database } = db()
    const head = up.includes('IF NOT EXISTS') ? '--! no-transaction' : ''
    const error = await refusal(() => migrate(database, packages(migration(up, '', head))))
    expect(error.code).toBe('refused_statement')
    const [line, column] = place.split(':').map(Number)
    expect(error.detail).toContain(`${file}.sql:${(line ?? 0) + (head === '' ? 0 : 1)}:${column}: `)
    expect(await query(database, "SELECT to_regnamespace('shop') IS NULL AS untouched")).toEqual([{ untouched: true }])
  })

  test('that is no SQL at all is refused before anything is applied', async () => {
    const { database } = db()
    const error = await refusal(() => migrate(database, packages(migration('SELECT 1;\nCREATE TABEL t ();'))))
    expect(error.code).toBe('invalid_sql')
    expect(error.detail).toContain(`${file}.sql:3:8: syntax error at or near "TABEL"`)
    expect(await query(database, "SELECT to_regnamespace('shop') IS NULL AS untouched")).toEqual([{ untouched: true }])
  })
})
