import { expect, test } from 'vitest'
import { onEachEngine } from '../../../test/engines.ts'
import { freshDatabase } from '../../../test/fresh-database.ts'
import { migrate, packagesOf, query } from '../../../test/migrating.ts'
import { migration, type PackageSource } from '../../../test/packages.ts'
import { refusal } from '../../../test/refusals.ts'

const file = '20260101000000_create_shop'
const shop = (migrations: Record<string, string>, more: PackageSource = {}) =>
  packagesOf({ shop: { ...more, migrations } })

const variables = {
  dimensions: { type: 'integer', default: 8, min: 1 },
  kind: { type: 'enum', default: 'int', values: ['int', 'bigint'] },
  unused: { type: 'string', default: 'a' },
  columns: { type: 'derived', expression: ":'kind' || '[' || :dimensions || ']'" },
}

onEachEngine('a variable', (engine) => {
  const db = freshDatabase(engine)
  const up = {
    [file]: migration('CREATE SCHEMA shop; CREATE TABLE shop.t (a :columns);', 'DROP SCHEMA shop CASCADE;'),
  }
  const packages = () => shop(up, { athena: { variables } })

  test('is rendered, and recorded where it was used, through derived ones as well', async () => {
    const { database } = db()
    await migrate(database, packages(), { variables: { kind: 'bigint' } })
    expect(await query(database, 'SELECT variables FROM athena_migrations.migrations')).toEqual([
      { variables: { kind: 'bigint', dimensions: '8' } },
    ])
    const type =
      "SELECT format_type(atttypid, atttypmod) AS type FROM pg_attribute WHERE attrelid = 'shop.t'::regclass AND attnum = 1"
    expect(await query(database, type)).toEqual([{ type: 'bigint[]' }])
  })

  test('that was changed after it was applied is refused, also when nothing is pending', async () => {
    const { database } = db()
    await migrate(database, packages(), { variables: { kind: 'bigint' } })
    const error = await refusal(() => migrate(database, packages(), { variables: { kind: 'int' } }))
    expect(error.code).toBe('changed_variable')
    expect(error.detail).toBe('kind: applied with bigint, now int')
    expect(await migrate(database, packages())).toEqual([])
    expect(await migrate(database, packages(), { variables: { unused: 'b' } })).toEqual([])
  })

  test('may be changed once nothing that used it is applied any more', async () => {
    const { database } = db()
    await migrate(database, packages())
    await migrate(database, packages(), { direction: 'down', to: 'zero' })
    await migrate(database, packages(), { variables: { dimensions: '16' } })
    expect(await query(database, "SELECT variables->>'dimensions' AS d FROM athena_migrations.migrations")).toEqual([
      { d: '16' },
    ])
  })

  test('that is undeclared is told with file, line and column before anything is done', async () => {
    const { database } = db()
    const error = await refusal(() => migrate(database, shop({ [file]: migration('SELECT 1;\nSELECT :colour;') })))
    expect(error.code).toBe('undeclared_variable')
    expect(error.detail).toContain(`${file}.sql:3:8 uses it`)
    expect(await query(database, "SELECT to_regnamespace('athena_migrations') AS ledger")).toEqual([{ ledger: null }])
  })

  test.each([
    ['fails', '1 / (:dimensions - 8)', 'division by zero'],
    ['is null', 'NULL', 'it is null'],
    ['would write', "CASE WHEN lo_create(0) > 0 THEN 'a' END", 'read-only transaction'],
  ])('whose derivation %s is refused with the expression', async (_, expression, detail) => {
    const { database } = db()
    const broken = shop(up, { athena: { variables: { ...variables, columns: { type: 'derived', expression } } } })
    const error = await refusal(() => migrate(database, broken))
    expect(error.code).toBe('invalid_variable')
    expect(error.message).toContain('"columns"')
    expect(error.detail).toContain(detail)
  })
})
