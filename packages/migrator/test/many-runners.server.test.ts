import { expect, test } from 'vitest'
import { athena } from '../../../test/athena.ts'
import { onEachEngine } from '../../../test/engines.ts'
import { freshDatabase } from '../../../test/fresh-database.ts'
import { ledgerNames, query } from '../../../test/migrating.ts'
import { installed, migration, writeFiles } from '../../../test/packages.ts'
import { realPackages } from '../../../test/real-packages.ts'

const runners = 10

onEachEngine('ten runners started at once', (engine) => {
  const db = freshDatabase(engine)

  async function run(cwd: string): Promise<string[][]> {
    const children = Array.from({ length: runners }, () => athena(['migrate', 'up', '--json'], { cwd, env: db().env }))
    const ends = await Promise.all(children.map(({ ended }) => ended))
    expect(ends.filter(({ status }) => status !== 0)).toEqual([])
    return ends.map(({ stdout }) => (JSON.parse(stdout) as { applied: { id: string }[] }).applied.map(({ id }) => id))
  }

  test('apply each migration exactly once, and all end well', { timeout: 240_000 }, async () => {
    const counted = 'INSERT INTO public.runs VALUES (default);'
    const shop = {
      migrations: {
        '20260101000000_create': migration(`CREATE SCHEMA shop; ${counted}`),
        '20260102000000_alone': migration(`${counted} CREATE TABLE shop.orders (id int);`, '', '--! no-transaction'),
        '20260103000000_index': migration(
          'CREATE INDEX CONCURRENTLY idx ON shop.orders (id);',
          '',
          '--! no-transaction',
        ),
      },
      functions: { one: 'CREATE OR REPLACE FUNCTION shop.one () RETURNS int LANGUAGE sql AS $$ SELECT 1 $$;' },
    }
    await query(db().database, 'CREATE TABLE public.runs (id int GENERATED ALWAYS AS IDENTITY)')
    const project = installed({ shop })
    const packages = ['@athena-pg/schema', '@athena-pg/indices', '@athena-pg/partitions', 'shop']
    writeFiles(project, { 'athena.config.json': JSON.stringify({ packages }) })
    const applied = (await run(project)).flat()
    const real = realPackages()
    const migrations = Object.keys(shop.migrations)
      .map((name) => `${name}@shop`)
      .concat(real.flatMap((pack) => pack.migrations.map(({ id }) => id)))
    const functions = ['shop/one'].concat(
      real.flatMap((pack) => pack.functions.map(({ name }) => `${pack.name}/${name}`)),
    )
    expect(applied.toSorted()).toEqual([...migrations, ...functions].sort())
    expect((await ledgerNames(db().database)).toSorted()).toEqual(migrations.toSorted())
    // Neither tried and rolled back (the identity would have a gap) nor done twice.
    expect(await query(db().database, 'SELECT id FROM public.runs ORDER BY id')).toEqual([{ id: 1 }, { id: 2 }])
  })
})
