import { expect, test } from 'vitest'
import { onEachEngine, type TestDatabase } from '../../../test/engines.ts'
import { empty } from '../../../test/fresh-database.ts'
import { migrate, packagesOf, query, withClient } from '../../../test/migrating.ts'
import { migration, type PackageSource } from '../../../test/packages.ts'
import { apply, catalogue, plan } from '../src/index.ts'
import { unplugged } from './unplugged.ts'

const shop: PackageSource = {
  migrations: {
    '20260101000000_create': migration(
      `CREATE SCHEMA shop; CREATE TABLE shop.orders (id int, note text); INSERT INTO shop.orders VALUES (1);
CREATE TABLE shop.parted (id int) PARTITION BY LIST (id); CREATE TABLE shop.parted_1 PARTITION OF shop.parted FOR VALUES IN (1);
CREATE TABLE shop.parted_2 PARTITION OF shop.parted FOR VALUES IN (2); INSERT INTO shop.parted VALUES (1), (2);`,
      'DROP SCHEMA shop CASCADE;',
    ),
    '20260102000000_index': migration(
      `CREATE TABLE shop.made (); SET search_path = shop; CREATE INDEX CONCURRENTLY idx_orders_note ON shop.orders (note);
CREATE UNIQUE INDEX CONCURRENTLY idx_parted_id ON shop.parted (id); CREATE TABLE last (); VACUUM shop.orders;`,
      'DROP INDEX shop.idx_parted_id; DROP INDEX CONCURRENTLY shop.idx_orders_note; DROP TABLE shop.last; DROP TABLE shop.made;',
      '--! no-transaction',
    ),
    '20260103000000_alter': migration(
      'ALTER TABLE shop.orders ADD COLUMN more int; INSERT INTO shop.orders VALUES (2);',
      'ALTER TABLE shop.orders DROP COLUMN more;',
    ),
  },
  functions: {
    one: 'CREATE OR REPLACE FUNCTION shop.one () RETURNS int LANGUAGE sql AS $$ SELECT 1 $$;',
    two: 'CREATE OR REPLACE FUNCTION shop.two () RETURNS bigint LANGUAGE sql BEGIN ATOMIC SELECT count(more) FROM shop.orders; END;',
  },
}
const workers = 4

onEachEngine('a run that breaks off at any message', (engine) => {
  const packages = packagesOf({ shop })

  async function snapshot({ database }: TestDatabase): Promise<unknown> {
    const text = await withClient(database, (client) => catalogue(client, ['shop', 'athena_migrations']))
    const rows = (sql: string) => query(database, sql)
    return {
      text,
      orders: text.includes('shop.orders') ? await rows('SELECT id FROM shop.orders ORDER BY id') : [],
      ledger: await rows('SELECT name, checksum FROM athena_migrations.migrations ORDER BY id'),
      functions: await rows('SELECT file, signature FROM athena_migrations.functions ORDER BY file'),
      attempts: await rows('SELECT * FROM athena_migrations.attempts'),
      invalid: await rows(
        'SELECT indexrelid::regclass FROM pg_index WHERE NOT (indisvalid AND indisready AND indislive)',
      ),
    }
  }

  /** Runs to the message and breaks off there; tells whether there was such a message. */
  async function breakOff({ database }: TestDatabase, direction: 'up' | 'down', at: number) {
    const target = { direction, to: direction === 'down' ? 'zero' : undefined }
    const planned = await withClient(database, (client) => plan(client, packages, target))
    const broken = unplugged(database, at)
    const isBroken = await apply(broken.database, planned).then(
      () => false,
      () => true,
    )
    return { isBroken, messages: broken.messages() }
  }

  test.each(['up', 'down'] as const)(
    'is finished by the next one, to the same state: %s',
    { timeout: 240_000 },
    async (direction) => {
      const target = { direction, to: direction === 'down' ? 'zero' : undefined }
      const databases = await Promise.all(Array.from({ length: workers }, () => engine.create()))
      const begin = async (db: TestDatabase) => {
        await empty(db.database)
        if (direction === 'down') await migrate(db.database, packages)
      }
      const [first] = databases as [TestDatabase]
      await begin(first)
      const { isBroken, messages } = await breakOff(first, direction, Number.POSITIVE_INFINITY)
      expect(isBroken).toBe(false)
      const wanted = await snapshot(first)
      const cases = Array.from({ length: messages }, (_, index) => index + 1)
      await Promise.all(
        databases.map(async (db) => {
          for (let next = cases.shift(); next !== undefined; next = cases.shift()) {
            await begin(db)
            expect((await breakOff(db, direction, next)).isBroken, `message ${next}`).toBe(true)
            await migrate(db.database, packages, target).catch((cause: Error) => {
              throw new Error(`message ${next} left what the next run cannot finish`, { cause })
            })
            expect(await snapshot(db), `message ${next}`).toEqual(wanted)
          }
        }),
      )
      await Promise.all(databases.map((db) => db.drop()))
    },
  )
})
