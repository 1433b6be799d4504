import { expect, test } from 'vitest'
import { onEachEngine, type TestDatabase } from '../../../test/engines.ts'
import { empty, freshDatabase } from '../../../test/fresh-database.ts'
import { ledgerNames, migrate, packagesOf, query, withClient } from '../../../test/migrating.ts'
import { migration, type PackageSource } from '../../../test/packages.ts'
import { psql } from '../../../test/psql.ts'
import { realPackages } from '../../../test/real-packages.ts'
import { catalogue, type MigrationPackage, plan, type Target } from '../src/index.ts'
import { toScript } from '../src/script/script.ts'

const shop: PackageSource = {
  athena: { variables: { greeting: { type: 'string', default: "it's :x; C:\\new" } } },
  migrations: {
    '20260101000000_create_shop': migration(
      `CREATE SCHEMA shop; SET search_path = shop; SET TimeZone = 'Asia/Tokyo'; CREATE TEMP TABLE leftover ();
CREATE TABLE notes (id int PRIMARY KEY, note text DEFAULT :'greeting', a int[] DEFAULT '{1,2}', at timestamptz DEFAULT '2026-01-01');
INSERT INTO notes (id, note) VALUES (1, '; \\echo ''x'' :id :''id'' :"id"'), (2, E'back\\\\slash;'), (3, 'line
\\q'); -- a semicolon; in a comment`,
      'DROP SCHEMA shop CASCADE;',
    ),
    '20260102000000_body': migration(
      `CREATE FUNCTION shop.f(a int[]) RETURNS int LANGUAGE plpgsql AS $f$ BEGIN -- ; :x
  RETURN a[1:1][1] /* \\q */; END $f$;
CREATE FUNCTION shop.g() RETURNS int BEGIN ATOMIC SELECT 1; SELECT 2; END;
CREATE TABLE shop.seen AS SELECT current_setting('search_path') AS path, to_regclass('pg_temp.leftover')::text AS leftover;
CREATE TABLE shop.parted (id int, note text) PARTITION BY LIST (id);
CREATE TABLE shop."Parted 1" PARTITION OF shop.parted FOR VALUES IN (1);
CREATE TABLE shop.parted_2 PARTITION OF shop.parted FOR VALUES IN (2) PARTITION BY LIST (id);
CREATE SCHEMA cold; CREATE TABLE cold.parted_2_2 PARTITION OF shop.parted_2 DEFAULT;`,
      'DROP TABLE shop.parted, shop.seen; DROP SCHEMA cold; DROP FUNCTION shop.f, shop.g;',
    ),
    '20260103000000_index': migration(
      `CREATE INDEX CONCURRENTLY by_note ON shop.parted (note) WHERE note <> ';';
CREATE UNIQUE INDEX CONCURRENTLY idx_parted_id ON shop.parted (id);
CREATE INDEX CONCURRENTLY ${'n'.repeat(63)} ON shop.parted (note, id);
CREATE INDEX CONCURRENTLY idx_notes ON shop.notes (note);`,
      `DROP INDEX shop.by_note; DROP INDEX shop.idx_parted_id; DROP INDEX shop.${'n'.repeat(63)}; DROP INDEX CONCURRENTLY shop.idx_notes;`,
      '--! no-transaction',
    ),
  },
  functions: { one: 'CREATE OR REPLACE FUNCTION shop.one () RETURNS int LANGUAGE sql AS $$ SELECT 1; $$;' },
}

onEachEngine('the script of a plan, run by psql,', (engine) => {
  const db = freshDatabase(engine)
  const planned = (packages: readonly MigrationPackage[], target: Partial<Target> = {}) =>
    withClient(db().database, (client) => plan(client, packages, { direction: 'up', ...target }))

  async function result({ database }: TestDatabase) {
    const rows = (columns: string, table: string) =>
      query(database, `SELECT ${columns} FROM athena_migrations.${table} ORDER BY 1`)
    return {
      catalogue: await withClient(database, (client) =>
        catalogue(client, ['athena', 'cold', 'shop', 'athena_migrations']),
      ),
      migrations: await rows('id, name, package, version, file, checksum, variables, applied_by', 'migrations'),
      functions: await rows('file, package, version, checksum, signature', 'functions'),
      attempts: await rows('name', 'attempts'),
    }
  }

  async function pending(packages: readonly MigrationPackage[]): Promise<string[]> {
    const { migrations, functions } = await planned(packages)
    return [...migrations.map(({ id }) => id), ...functions.map(({ action, name }) => `${action} ${name}`)]
  }

  async function byPsql(packages: readonly MigrationPackage[], target: Partial<Target> = {}) {
    const { status, stderr, stdout } = psql(db().url ?? '', toScript(await planned(packages, target)))
    expect({ status, stderr }).toEqual({ status: 0, stderr: '' })
    return stdout
  }

  test.each([
    ['the packages of athena-pg', realPackages],
    ['one full of quotes, semicolons and backslashes', () => packagesOf({ shop })],
  ])('does for %s what apply does, and leaves nothing to do', async (_, packages) => {
    await migrate(db().database, packages())
    const wanted = await result(db())
    await empty(db().database)
    const told = await byPsql(packages())
    expect(await result(db())).toEqual(wanted)
    expect(await pending(packages())).toEqual([])
    expect(told.split('\n').filter((line) => /^(up|function) /.test(line))).toEqual(
      wanted.migrations
        .map(({ name }) => `up ${name}`)
        .concat(wanted.functions.map((row) => `function ${row.package}/${row.file}`)),
    )
  })

  test('goes down to zero, and up again', async () => {
    await byPsql(packagesOf({ shop }))
    const wanted = await result(db())
    await byPsql(packagesOf({ shop }), { direction: 'down', to: 'zero' })
    expect(await ledgerNames(db().database)).toEqual([])
    expect((await result(db())).functions).toEqual([])
    await byPsql(packagesOf({ shop }))
    expect((await result(db())).catalogue).toBe(wanted.catalogue)
  })

  test('lets nothing leak from one migration to the next', async () => {
    await byPsql(packagesOf({ shop }))
    expect(await query(db().database, 'SELECT * FROM shop.seen')).toEqual([{ path: '"$user", public', leftover: null }])
    expect(await query(db().database, 'SELECT note FROM shop.notes ORDER BY id')).toEqual([
      { note: "; \\echo 'x' :id :'id' :\"id\"" },
      { note: 'back\\slash;' },
      { note: 'line\n\\q' },
    ])
  })

  test('stops at the first error, with nothing of that migration done', async () => {
    const broken = {
      '20260101000000_a': migration('CREATE SCHEMA shop;'),
      '20260102000000_b': migration('CREATE TABLE shop.b (); SELECT 1 / 0;'),
      '20260103000000_c': migration('CREATE TABLE shop.c ();'),
    }
    const { status, stderr } = psql(
      db().url ?? '',
      toScript(await planned(packagesOf({ shop: { migrations: broken } }))),
    )
    expect(status).toBe(3)
    expect(stderr).toContain('division by zero')
    expect(await ledgerNames(db().database)).toEqual(['20260101000000_a@shop'])
    expect(await query(db().database, "SELECT to_regclass('shop.b') AS b, to_regclass('shop.c') AS c")).toEqual([
      { b: null, c: null },
    ])
  })

  test('replaces a changed function: body, arguments and result', async () => {
    const one = (text: string) =>
      packagesOf({ shop: { ...shop, functions: { one: `CREATE OR REPLACE FUNCTION shop.one (${text} $$;` } } })
    for (const text of [
      ') RETURNS int LANGUAGE sql AS $$ SELECT 2;',
      ') RETURNS text LANGUAGE sql AS $$ SELECT 3::text;',
      'a int) RETURNS text LANGUAGE sql AS $$ SELECT 4::text;',
    ]) {
      await byPsql(one(text))
      expect(await pending(one(text))).toEqual([])
      expect(await query(db().database, "SELECT count(*)::int AS n FROM pg_proc WHERE proname = 'one'")).toEqual([
        { n: 1 },
      ])
    }
  })
})
