import { expect, test, vi } from 'vitest'
import { onEachEngine } from '../../../test/engines.ts'
import { freshDatabase } from '../../../test/fresh-database.ts'
import { migrate, query } from '../../../test/migrating.ts'
import { refusal } from '../../../test/refusals.ts'
import { loginRole } from '../../../test/roles.ts'
import { drift } from '../src/drift/drift.ts'
import { shop } from './drift-shop.ts'

// A scratch database takes seconds, and many more on a busy machine.
vi.setConfig({ testTimeout: 300_000 })

onEachEngine('drift', (engine) => {
  const db = freshDatabase(engine)

  test('is looked for by a role that may only read the ledger, and in a session that may not write', async () => {
    await migrate(db().database, shop())
    await query(db().database, 'DROP INDEX shop.idx_orders_mood')
    const role = await loginRole(db())
    const client = await role.database.open('spec')
    const look = () => drift(client, shop(), { url: db().url })
    try {
      expect((await refusal(look)).code).toBe('ledger_unreadable')
      await query(
        db().database,
        `GRANT USAGE ON SCHEMA athena_migrations TO ${role.name}; GRANT SELECT ON ALL TABLES IN SCHEMA athena_migrations TO ${role.name}`,
      )
      await client.query('SET default_transaction_read_only = on')
      expect((await look()).findings).toMatchObject([{ state: 'missing', object: 'index shop.idx_orders_mood' }])
    } finally {
      await client.end()
      await query(db().database, `DROP OWNED BY ${role.name}`)
      await role.database.close()
    }
  })
})
