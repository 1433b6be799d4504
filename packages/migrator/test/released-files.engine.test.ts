import { expect, test } from 'vitest'
import { onEachEngine } from '../../../test/engines.ts'
import { freshDatabase } from '../../../test/fresh-database.ts'
import { everything, ledgerNames, migrate, packagesOf, withClient } from '../../../test/migrating.ts'
import { migration, type PackageSource } from '../../../test/packages.ts'
import { refusal } from '../../../test/refusals.ts'
import { plan } from '../src/index.ts'
import { status } from '../src/status.ts'

const first = '20260101000000_create_shop'
const second = '20260102000000_create_orders'
const texts = {
  [first]: migration('CREATE SCHEMA shop;', 'DROP SCHEMA shop;'),
  [second]: migration('CREATE TABLE shop.orders ();', 'DROP TABLE shop.orders;'),
}
const shop = (migrations: Record<string, string>, more: PackageSource = {}) =>
  packagesOf({ shop: { ...more, migrations } })

onEachEngine('a released file', (engine) => {
  const db = freshDatabase(engine)

  test.each(['up', 'down'] as const)('that was changed stops migrate %s, with both checksums', async (direction) => {
    const { database } = db()
    const [before] = shop(texts)
    await migrate(database, shop(texts))
    const after = shop({ ...texts, [first]: `${texts[first]}-- one more comment\n` })
    const error = await refusal(() => migrate(database, after, { direction }))
    expect(error.code).toBe('changed_file')
    expect(error.detail).toContain(`${first}.sql: applied with checksum ${before?.migrations[0]?.checksum}`)
    expect(error.detail).toContain(`now ${after[0]?.migrations[0]?.checksum}`)
    expect(error.detail).not.toContain(second)
    expect(await ledgerNames(database)).toHaveLength(2)
  })

  test('whose line ends were changed by a checkout is the same file', async () => {
    const { database } = db()
    await migrate(database, shop(texts))
    const crlf = Object.fromEntries(
      Object.entries(texts).map(([name, text]) => [name, `\uFEFF${text.replaceAll('\n', '\r\n')}`]),
    )
    expect(await migrate(database, shop(crlf))).toEqual([])
  })

  test('that is gone from its package is missed, be it the last one', async () => {
    const { database } = db()
    await migrate(database, shop(texts))
    const error = await refusal(() => migrate(database, shop({ [first]: texts[first] ?? '' })))
    expect(error.code).toBe('missing_file')
    expect(error.detail).toContain(`${second}@shop (applied with checksum `)
    expect(error.hint).toContain('older version')
  })

  test('whose package is not among those asked for is left alone, and cannot be taken back', async () => {
    const { database } = db()
    await migrate(database, shop(texts))
    const other = packagesOf({ other: { migrations: { '20260103000000_x': migration('SELECT 1;') } } })
    const planned = await withClient(database, (client) => plan(client, other, { direction: 'up' }))
    expect(planned.notes).toEqual([
      '2 migrations of shop are applied here, but this project does not name these packages',
    ])
    await migrate(database, other)
    const error = await refusal(() => migrate(database, other, { direction: 'down', to: 'zero' }))
    expect(error.code).toBe('missing_file')
    expect(error.hint).toContain('shop@1.0.0')
  })

  test('shows in the status: applied, pending, changed, gone', async () => {
    const { database } = db()
    const state = (migrations: Record<string, string>) =>
      withClient(database, (client) => status(client, shop(migrations)))
    expect(await state(texts)).toMatchObject({ applied: [], pending: [{ name: first }, { name: second }], changed: [] })
    await migrate(database, shop(texts), { to: first })
    const before = await everything(database)
    const { applied, pending, changed } = await state({ ...texts, [first]: `${texts[first]} ` })
    expect(applied).toMatchObject([{ package: 'shop', file: first, checksum: shop(texts)[0]?.migrations[0]?.checksum }])
    expect(applied[0]?.appliedAt).toBeInstanceOf(Date)
    expect(pending.map(({ name }) => name)).toEqual([second])
    expect(changed).toMatchObject([{ file: first, appliedChecksum: applied[0]?.checksum }])
    expect(changed[0]?.checksum).not.toBe(applied[0]?.checksum)
    const [gone] = (await state({ [second]: '' })).changed
    expect(gone).toMatchObject({ file: first })
    expect(gone?.checksum).toBeUndefined()
    expect(await everything(database)).toBe(before)
  })
})
