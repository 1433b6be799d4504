import { expect, test } from 'vitest'
import { onEachEngine } from '../../../test/engines.ts'
import { freshDatabase } from '../../../test/fresh-database.ts'
import { withClient } from '../../../test/migrating.ts'
import { realPackages } from '../../../test/real-packages.ts'
import { refusal } from '../../../test/refusals.ts'
import { plan } from '../src/index.ts'

onEachEngine('whether a role may create pgvector, which is no trusted extension,', (engine) => {
  const db = freshDatabase(engine)
  const planAs = (role: string) =>
    withClient(db().database, async (client) => {
      await client.query(`SET ROLE ${role}`)
      return plan(client, realPackages(), { direction: 'up' }).finally(() => client.query('RESET ROLE'))
    })

  // Roles belong to the whole cluster, and other specs look at that of a server.
  test.runIf(engine.kind === 'embedded')(
    'does not follow from CREATE on the database, but from membership',
    async () => {
      await withClient(db().database, async (client) => {
        const { rows } = await client.query("SELECT trusted FROM pg_available_extension_versions WHERE name = 'vector'")
        expect(rows).toEqual([{ trusted: false }])
        await client.query(
          'CREATE ROLE rds_superuser; CREATE ROLE service_admin IN ROLE rds_superuser; CREATE ROLE app',
        )
        await client.query(
          `DO $$ BEGIN EXECUTE format('GRANT CREATE ON DATABASE %I TO app', current_database()); END $$`,
        )
      })
      expect(await refusal(() => planAs('app'))).toMatchObject({ code: 'extension_not_permitted' })
      expect((await planAs('service_admin')).migrations.length).toBeGreaterThan(30)
    },
  )
})
