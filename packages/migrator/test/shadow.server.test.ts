import { expect, test, vi } from 'vitest'
import { onEachEngine } from '../../../test/engines.ts'
import { freshDatabase } from '../../../test/fresh-database.ts'
import { everything, query } from '../../../test/migrating.ts'
import { refusal } from '../../../test/refusals.ts'
import { loginRole } from '../../../test/roles.ts'
import { eventually } from '../../../test/waiting.ts'
import { withShadow } from '../src/shadow/shadow.ts'

// A scratch database takes seconds, and many more on a busy machine.
vi.setConfig({ testTimeout: 300_000 })

onEachEngine('a shadow', (engine) => {
  const db = freshDatabase(engine)
  const shadows = async (): Promise<string[]> => {
    const rows = await query<{ name: string }>(
      db().database,
      "SELECT datname AS name FROM pg_database WHERE datname LIKE 'athena_shadow_%'",
    )
    return rows.map(({ name }) => name)
  }
  const nameOf = async (database: Parameters<typeof query>[0]): Promise<string> =>
    (await query<{ name: string }>(database, 'SELECT current_database() AS name'))[0]?.name ?? ''

  test('needs a role that may create databases, and says how to get there', async () => {
    const role = await loginRole(db())
    const error = await refusal(() => withShadow({ url: role.url }, async () => undefined))
    expect(error.code).toBe('shadow_not_permitted')
    expect(error.hint).toContain(`ALTER ROLE ${role.name} CREATEDB;`)
    await role.database.close()
  })

  test('is made by a role with CREATEDB and nothing else', async () => {
    const role = await loginRole(db(), 'CREATEDB')
    const name = await withShadow({ url: role.url }, async (shadow) => {
      await query(shadow, 'CREATE SCHEMA shop CREATE TABLE orders ()')
      return nameOf(shadow)
    })
    expect(await shadows()).not.toContain(name)
    await role.database.close()
  })

  test('is refused where nothing may be written', async () => {
    const role = await loginRole(db(), 'CREATEDB')
    await query(db().database, `ALTER ROLE ${role.name} SET default_transaction_read_only = on`)
    const error = await refusal(() => withShadow({ url: role.url }, async () => undefined))
    expect(error.code).toBe('shadow_read_only')
    await role.database.close()
  })

  test('leaves the database that the URL names as it was', async () => {
    await query(db().database, 'CREATE SCHEMA mine CREATE TABLE t ()')
    const before = await everything(db().database)
    await withShadow({ url: db().url }, (shadow) => query(shadow, 'CREATE SCHEMA theirs'))
    expect(await everything(db().database)).toBe(before)
  })

  test('is gone at once when it is told so, and what goes on in it ends', async () => {
    let remove: (() => Promise<void>) | undefined
    let name = ''
    const opened = (given: () => Promise<void>): void => {
      remove = given
    }
    const work = withShadow({ url: db().url, opened }, async (shadow) => {
      name = await nameOf(shadow)
      const session = await shadow.open('spec')
      setTimeout(() => void remove?.(), 200)
      await session.query('SELECT pg_sleep(60)')
    })
    await expect(work).rejects.toThrow()
    expect(name).not.toBe('')
    expect(await shadows()).not.toContain(name)
  })

  test('that a killed run left is dropped by the next one; one in use, or of another role, stays', async () => {
    const role = await loginRole(db(), 'CREATEDB')
    // Not the superuser's, whose other runs on this server would drop it.
    const other = await loginRole(db(), 'CREATEDB')
    const [left, others] = [
      'athena_shadow_00000000deadbeef',
      `athena_shadow_${Math.random().toString(16).slice(2).padEnd(16, '0').slice(0, 16)}`,
    ]
    await query(role.database, `CREATE DATABASE ${left}`)
    await query(other.database, `CREATE DATABASE ${others}`)
    try {
      await withShadow({ url: role.url }, async (used) => {
        const name = await nameOf(used)
        expect(await shadows()).toEqual(expect.arrayContaining([name, others]))
        expect(await shadows()).not.toContain(left)
        // A run beside it leaves this one alone.
        await withShadow({ url: role.url }, async () => undefined)
        expect(await shadows()).toContain(name)
      })
    } finally {
      await query(db().database, `DROP DATABASE IF EXISTS ${left}`)
      await eventually('the database of others to be let go', () =>
        query(db().database, `DROP DATABASE IF EXISTS ${others}`).then(
          () => true,
          () => false,
        ),
      )
      await role.database.close()
      await other.database.close()
    }
  })
})
