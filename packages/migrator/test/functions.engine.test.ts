import { expect, test } from 'vitest'
import { onEachEngine } from '../../../test/engines.ts'
import { freshDatabase } from '../../../test/fresh-database.ts'
import { migrate, packagesOf, query, withClient } from '../../../test/migrating.ts'
import { migration, type PackageSource } from '../../../test/packages.ts'
import type { PlannedFunction } from '../src/index.ts'
import { status } from '../src/status.ts'

const base: PackageSource = {
  migrations: {
    '20260101000000_create_shop': migration('CREATE SCHEMA shop;', 'DROP SCHEMA shop;'),
    '20260102000000_create_orders': migration('CREATE TABLE shop.orders (id int);', 'DROP TABLE shop.orders;'),
  },
}
const answer = (result: string, args = '', type = 'integer', more = '') =>
  `CREATE OR REPLACE FUNCTION shop.answer (${args}) RETURNS ${type} LANGUAGE sql STABLE AS $$ SELECT ${result} $$;${more}`
const counting =
  'CREATE OR REPLACE FUNCTION shop.counting () RETURNS bigint LANGUAGE sql BEGIN ATOMIC SELECT count(*) FROM shop.orders; END;'

onEachEngine('functions', (engine) => {
  const db = freshDatabase(engine)
  const packages = (functions: Record<string, string>) =>
    packagesOf({ base, tools: { dependencies: ['base'], functions } })
  const apply = async (functions: Record<string, string>) =>
    (await migrate(db().database, packages(functions))).map(({ id }) => id)
  const signatures = async () =>
    (
      await query<{ name: string }>(
        db().database,
        "SELECT oid::regprocedure::text AS name FROM pg_proc WHERE pronamespace = to_regnamespace('shop') ORDER BY 1",
      )
    ).map(({ name }) => name)
  const states = async (functions: Record<string, string>) =>
    (await withClient(db().database, (client) => status(client, packages(functions)))).functions.map(
      ({ name, state }) => `${name} ${state}`,
    )

  test('are applied after all migrations, with their comment, and again only when their text changes', async () => {
    const first = {
      answer: answer('1', '', 'integer', "\nCOMMENT ON FUNCTION shop.answer () IS 'It''s; 1';"),
      counting,
    }
    expect((await apply(first)).slice(2)).toEqual(['tools/answer', 'tools/counting'])
    expect(
      await query(
        db().database,
        "SELECT shop.answer(), shop.counting()::int, obj_description('shop.answer()'::regprocedure) AS comment",
      ),
    ).toEqual([{ answer: 1, counting: 0, comment: "It's; 1" }])
    expect(
      await query(
        db().database,
        'SELECT package, file, version, signature FROM athena_migrations.functions ORDER BY file',
      ),
    ).toEqual([
      { package: 'tools', file: 'answer', version: '1.0.0', signature: 'shop.answer()' },
      { package: 'tools', file: 'counting', version: '1.0.0', signature: 'shop.counting()' },
    ])
    expect(await apply(first)).toEqual([])
    expect(await states({ ...first, answer: answer('2') })).toEqual(['answer changed', 'counting applied'])
    expect(await apply({ ...first, answer: answer('2') })).toEqual(['tools/answer'])
    expect(await query(db().database, 'SELECT shop.answer()')).toEqual([{ answer: 2 }])
  })

  test.each([
    ['other arguments', answer('a', 'a integer'), 'shop.answer(integer)'],
    ['another result', answer("'x'", '', 'text'), 'shop.answer()'],
    ['another name of an argument', answer('b', 'b integer'), 'shop.answer(integer)'],
    ['a type that needs its schema', answer('(a).id', 'a shop.orders'), 'shop.answer(shop.orders)'],
  ])('with %s take the place of what was there', async (_, text, signature) => {
    await apply({
      answer: answer(
        'a',
        signature === 'shop.answer(integer)' && text.includes('b integer') ? 'a integer' : '',
        'integer',
      ).replace('SELECT a', 'SELECT 1'),
    })
    await apply({ answer: text })
    expect(await signatures()).toEqual([signature])
    expect(await query(db().database, 'SELECT signature FROM athena_migrations.functions')).toEqual([{ signature }])
    await apply({})
    expect(await signatures()).toEqual([])
  })

  test('may be procedures', async () => {
    const text =
      'CREATE OR REPLACE PROCEDURE shop.tidy (INOUT n integer) LANGUAGE plpgsql AS $$ BEGIN n := n + 1; END $$;'
    await apply({ tidy: text })
    expect(await query(db().database, 'CALL shop.tidy(1)')).toEqual([{ n: 2 }])
    await apply({})
    expect(await signatures()).toEqual([])
  })

  test('whose file is gone are dropped; those of another package are not', async () => {
    await apply({ answer: answer('1'), counting })
    expect(await states({ counting })).toEqual(['counting applied', 'answer removed'])
    expect(await apply({ counting })).toEqual(['tools/answer'])
    expect(await signatures()).toEqual(['shop.counting()'])
    await migrate(db().database, packagesOf({ base }))
    expect(await signatures()).toEqual(['shop.counting()'])
  })

  test('go before what they stand on goes, and those that still fit come back', async () => {
    const functions = { answer: answer('1'), counting }
    await apply(functions)
    const left: [string, string][] = []
    const leftOut = (planned: PlannedFunction, reason: string) => left.push([planned.name, reason])
    await migrate(db().database, packages(functions), { direction: 'down' }, { leftOut })
    expect(await signatures()).toEqual(['shop.answer()'])
    expect(left).toEqual([['counting', expect.stringContaining('relation "shop.orders" does not exist')]])
    expect(await states(functions)).toEqual(['answer applied', 'counting pending'])
    expect(await apply(functions)).toEqual(['20260102000000_create_orders@base', 'tools/counting'])
    await migrate(db().database, packages(functions), { direction: 'down', to: 'zero' })
    expect(await query(db().database, 'SELECT * FROM athena_migrations.functions')).toEqual([])
  })

  test('are not applied when only part of what is pending is', async () => {
    const { database } = db()
    await migrate(database, packages({ counting }), { to: '20260101000000' })
    expect(await signatures()).toEqual([])
    expect(await apply({ counting })).toContain('tools/counting')
  })

  test('take variables', async () => {
    const athena = { variables: { size: { type: 'integer', default: 5 } } }
    await migrate(
      db().database,
      packagesOf({
        base,
        tools: { dependencies: ['base'], athena, functions: { answer: answer(':size').replaceAll('$$', "'") } },
      }),
    ).catch(() => undefined)
    const text =
      'CREATE OR REPLACE FUNCTION shop.answer (n integer DEFAULT :size) RETURNS integer LANGUAGE sql AS $$ SELECT n $$;'
    await migrate(
      db().database,
      packagesOf({ base, tools: { dependencies: ['base'], athena, functions: { answer: text } } }),
    )
    expect(await query(db().database, 'SELECT shop.answer()')).toEqual([{ answer: 5 }])
  })
})
