import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { onEachEngine } from '../../../test/engines.ts'
import { freshDatabase } from '../../../test/fresh-database.ts'
import { migrate, query } from '../../../test/migrating.ts'
import { migration, temporaryFolder, writeFiles } from '../../../test/packages.ts'
import { refusal } from '../../../test/refusals.ts'
import { discover } from '../src/index.ts'
import { newFunction } from '../src/new/new-function.ts'

test.each(['', 'Count', '1count', 'shop.count', '../count', 'a-b', 'x'.repeat(64), 'ä'])(
  '%j is no name for a function, and nothing is written',
  async (name) => {
    const folder = join(temporaryFolder(), 'functions')
    expect(await refusal(() => newFunction(folder, name))).toMatchObject({ code: 'malformed_file_name', exit: 2 })
    expect(() => readFileSync(folder)).toThrow('ENOENT')
  },
)

test('one that is there already is left as it is', async () => {
  const folder = temporaryFolder()
  writeFiles(folder, { 'count_orders.sql': 'mine' })
  const error = await refusal(() => newFunction(folder, 'count_orders'))
  expect(error).toMatchObject({ code: 'function_exists', detail: join(folder, 'count_orders.sql') })
  expect(readFileSync(join(folder, 'count_orders.sql'), 'utf8')).toBe('mine')
})

onEachEngine('a new function', (engine) => {
  const db = freshDatabase(engine)

  test.each([
    [
      'in the schema of the others',
      { 'functions/a.sql': 'CREATE OR REPLACE FUNCTION shop.a () RETURNS int LANGUAGE sql AS $$ SELECT 1 $$;' },
      'shop',
    ],
    ['in athena where there are none', {}, 'athena'],
  ])(
    "is applied as it was written, %s, from a project's own folder",
    async (_, files: Record<string, string>, schema) => {
      const project = temporaryFolder()
      writeFiles(project, {
        ...files,
        'migrations/20260101000000_create.sql': migration('CREATE SCHEMA shop; CREATE SCHEMA athena;'),
      })
      newFunction(join(project, 'functions'), 'count_orders')
      await migrate(
        db().database,
        discover({ packages: [], migrations: 'migrations', functions: 'functions', project }),
      )
      expect(
        await query(
          db().database,
          "SELECT pronamespace::regnamespace::text AS schema, provolatile, proconfig, obj_description(oid) IS NOT NULL AS told FROM pg_proc WHERE proname = 'count_orders'",
        ),
      ).toEqual([{ schema, provolatile: 's', proconfig: ['search_path=pg_catalog, pg_temp'], told: true }])
    },
  )

  test("a project's functions may stand without migrations, and change with their file", async () => {
    const project = temporaryFolder()
    const body = (n: number) => `CREATE OR REPLACE FUNCTION public.n () RETURNS int LANGUAGE sql AS $$ SELECT ${n} $$;`
    for (const n of [1, 2]) {
      writeFiles(project, { 'sql/n.sql': body(n) })
      await migrate(db().database, discover({ packages: [], functions: 'sql', project }))
      expect(await query(db().database, 'SELECT public.n() AS n')).toEqual([{ n }])
    }
  })
})

test("a project's folder of functions that is not there is missed", async () => {
  const error = await refusal(() => discover({ packages: [], functions: 'nowhere', project: temporaryFolder() }))
  expect(error).toMatchObject({ code: 'folder_missing', hint: expect.stringContaining('"functions"') })
})
