import { expect, test } from 'vitest'
import { athena } from '../../../test/athena.ts'
import { onEachEngine } from '../../../test/engines.ts'
import { freshDatabase } from '../../../test/fresh-database.ts'
import { everything, ledgerNames, migrate, packagesOf, query, withClient } from '../../../test/migrating.ts'
import { migration, temporaryFolder } from '../../../test/packages.ts'
import { realPackages } from '../../../test/real-packages.ts'
import { refusal } from '../../../test/refusals.ts'
import { loginRole, type Role } from '../../../test/roles.ts'
import { catalogue, plan } from '../src/index.ts'
import { status } from '../src/status.ts'

const shop = {
  migrations: {
    '20260101000000_create_shop': migration('CREATE SCHEMA shop;', 'DROP SCHEMA shop;'),
    '20260102000000_create_orders': migration('CREATE TABLE shop.orders ();', 'DROP TABLE shop.orders;'),
  },
}

onEachEngine('a role', (engine) => {
  const db = freshDatabase(engine)
  const owner = async (): Promise<Role> => {
    const role = await loginRole(db())
    const [row] = await query<{ name: string }>(db().database, 'SELECT current_database() AS name')
    await query(db().database, `GRANT CREATE ON DATABASE ${row?.name} TO ${role.name}`)
    return role
  }

  test('that may only read plans, asks for the status and reads the catalogue, in a read-only session', async () => {
    await migrate(db().database, realPackages(), { to: '20261122090040_create_memories' })
    const role = await loginRole(db())
    await query(db().database, `ALTER ROLE ${role.name} SET default_transaction_read_only = on`)
    await query(
      db().database,
      `GRANT USAGE ON SCHEMA athena_migrations TO ${role.name}; GRANT SELECT ON ALL TABLES IN SCHEMA athena_migrations TO ${role.name}`,
    )
    const before = await everything(db().database)
    await withClient(role.database, async (client) => {
      const { functions, migrations } = await plan(client, realPackages(), { direction: 'up' })
      expect([migrations.length > 30, functions.length]).toEqual([true, 2])
      const down = await plan(client, realPackages(), { direction: 'down', to: 'zero' })
      expect(down.migrations.at(0)?.file.name).toBe('20261122090040_create_memories')
      expect((await status(client, realPackages())).pending).toHaveLength(migrations.length)
      expect(await catalogue(client)).toContain('CREATE TABLE athena.memories')
      expect((await client.query('SHOW transaction_read_only')).rows).toEqual([{ transaction_read_only: 'on' }])
    })
    expect(await everything(db().database)).toBe(before)
    await role.database.close()
  })

  test('that may only read plans a first run as well', async () => {
    await query(db().database, 'CREATE EXTENSION vector')
    const role = await loginRole(db())
    await query(db().database, `ALTER ROLE ${role.name} SET default_transaction_read_only = on`)
    const planned = await withClient(role.database, (client) => plan(client, realPackages(), { direction: 'up' }))
    expect(planned.migrations.length).toBeGreaterThan(30)
    const before = await everything(db().database)
    for (const args of [['plan'], ['up', '--dry-run'], ['up', '--show-sql'], ['status']]) {
      const { status: exit, stderr } = await athena(['migrate', ...args], {
        cwd: temporaryFolder(),
        env: { DATABASE_URL: role.url },
      }).ended
      // Status 3 of `status`: pending.
      expect(exit, stderr).toBe(args[0] === 'status' ? 3 : 0)
    }
    expect(await everything(db().database)).toBe(before)
    await role.database.close()
  })

  test('that may not read the ledger is told who can help', async () => {
    await migrate(db().database, packagesOf({ shop }))
    const role = await loginRole(db())
    const error = await refusal(() => migrate(role.database, packagesOf({ shop })))
    expect(error.code).toBe('ledger_unreadable')
    expect(error.hint).toContain('GRANT USAGE ON SCHEMA athena_migrations')
    await role.database.close()
  })

  test('that may not create a schema is told what an administrator should run', async () => {
    const role = await loginRole(db())
    const error = await refusal(() => migrate(role.database, packagesOf({ shop })))
    expect(error.code).toBe('ledger_not_permitted')
    expect(error.detail).toContain('permission denied for database')
    const [row] = await query<{ name: string }>(db().database, 'SELECT current_database() AS name')
    expect(error.hint).toContain(`GRANT CREATE ON DATABASE "${row?.name}" TO "${role.name}"`)
    await role.database.close()
  })

  test('that may not create the extension is told what an administrator should run, and that is enough', async () => {
    const role = await loginRole(db())
    const error = await refusal(() => migrate(role.database, realPackages()))
    expect(error.code).toBe('extension_not_permitted')
    const statements = /run, in database "\w+": (.*)$/.exec(error.hint ?? '')?.[1] ?? ''
    expect(statements).toContain('CREATE EXTENSION vector;')
    await query(db().database, statements)
    await migrate(role.database, realPackages(), { to: '20261122090040_create_memories' })
    expect((await ledgerNames(db().database)).at(-1)).toBe('20261122090040_create_memories@athena-pg+schema')
    await role.database.close()
  })

  test('that is no superuser owns what it applies, and takes it back', async () => {
    const role = await owner()
    await migrate(role.database, packagesOf({ shop }))
    expect(
      await query(
        db().database,
        "SELECT DISTINCT relowner::regrole::text AS owner, applied_by FROM pg_class, athena_migrations.migrations WHERE relname IN ('orders', 'migrations')",
      ),
    ).toEqual([{ owner: role.name, applied_by: role.name }])
    await migrate(role.database, packagesOf({ shop }), { direction: 'down', to: 'zero' })
    expect(await ledgerNames(db().database)).toEqual([])
    await role.database.close()
  })
})
