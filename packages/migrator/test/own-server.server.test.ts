import { connect, type Database } from '@athena-pg/database'
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { hasDocker } from '../../../test/docker.ts'
import { empty } from '../../../test/fresh-database.ts'
import { ledgerNames, migrate, packagesOf, query } from '../../../test/migrating.ts'
import { migration } from '../../../test/packages.ts'
import { refusal } from '../../../test/refusals.ts'
import { type StartedServer, startServer } from '../../../test/servers.ts'
import { eventually } from '../../../test/waiting.ts'
import { atTheGate, openGate, shutGate, someoneAtTheGate } from './gate.ts'

const patience = 240_000

// Nothing here may be done to a server that other specs use.
describe.skipIf(!hasDocker())('a server of PostgreSQL 18', () => {
  let server: StartedServer
  let database: Database
  beforeAll(async () => {
    server = await startServer('pgvector/pgvector:0.8.7-pg18', { '/small': 'rw,size=32m,uid=999,mode=700' })
    database = await connect({ url: server.url })
    await query(database, "CREATE TABLESPACE small LOCATION '/small'")
  }, patience)
  beforeEach(() => empty(database))
  afterAll(async () => {
    await database?.close()
    await server?.stop()
  })

  describe('whose disk is full', { timeout: patience }, () => {
    const first = {
      '20260101000000_create': migration(`CREATE SCHEMA shop; CREATE TABLE shop.small (filler text) TABLESPACE small;
CREATE TABLE shop.orders (id int PRIMARY KEY, note text);
INSERT INTO shop.orders SELECT n, repeat(md5(n::text), 30) FROM generate_series(1, 9000) AS n;
CREATE TABLE shop.ballast (filler text) TABLESPACE small; ALTER TABLE shop.ballast ALTER filler SET STORAGE PLAIN;
INSERT INTO shop.ballast SELECT repeat('x', 7000) FROM generate_series(1, 3300);`),
    }
    const packages = (up: string, head = '') =>
      packagesOf({ shop: { migrations: { ...first, '20260102000000_more': migration(up, '', head) } } })
    const copy = 'INSERT INTO shop.small SELECT note FROM shop.orders'

    async function full(up: string, head: string): Promise<() => Promise<unknown>> {
      const error = await refusal(() => migrate(database, packages(up, head)))
      expect(error.detail).toMatch(/_more\.sql:\d+:\d+: could not extend file .*No space left on device \(53100\)/)
      expect(error.hint).toContain('Check free disk space')
      expect(await ledgerNames(database)).toEqual(['20260101000000_create@shop'])
      return async () => {
        await query(database, 'DROP TABLE shop.ballast')
        expect(await migrate(database, packages(up, head))).toHaveLength(1)
        expect(await query(database, 'SELECT * FROM athena_migrations.attempts')).toEqual([])
        expect(await query(database, 'SELECT indexrelid FROM pg_index WHERE NOT indisvalid')).toEqual([])
      }
    }

    test('keeps nothing of a migration in its transaction, and the next run finishes it', async () => {
      const goOn = await full(`CREATE TABLE shop.more (); ${copy};`, '')
      expect(await query(database, 'SELECT FROM shop.small')).toEqual([])
      await goOn()
      expect(await query(database, 'SELECT count(*)::int AS n FROM shop.small')).toEqual([{ n: 9000 }])
    })

    test('keeps the statements of a file without transaction that are done, once', async () => {
      const goOn = await full(`INSERT INTO shop.orders VALUES (0); ${copy};`, '--! no-transaction')
      expect(await query(database, 'SELECT done FROM athena_migrations.attempts')).toEqual([{ done: 1 }])
      await goOn()
      expect(await query(database, 'SELECT count(*)::int AS n FROM shop.orders')).toEqual([{ n: 9001 }])
    })

    test('keeps the batches that were committed, and goes on behind them', async () => {
      const batched = `${copy} o WHERE NOT EXISTS (SELECT FROM shop.small s WHERE s.filler = o.note) LIMIT :batch;`
      const goOn = await full(batched, '--! batch: 500')
      const [kept] = await query<{ n: number }>(database, 'SELECT count(*)::int AS n FROM shop.small')
      expect(kept?.n).toBeGreaterThanOrEqual(500)
      expect((kept?.n ?? 1) % 500).toBe(0)
      await goOn()
      expect(
        await query(database, 'SELECT count(DISTINCT filler)::int AS n, count(*)::int AS rows FROM shop.small'),
      ).toEqual([{ n: 9000, rows: 9000 }])
    })

    test('leaves an invalid index, which is not recorded and is built anew', async () => {
      await migrate(database, packagesOf({ shop: { migrations: first } }))
      await query(database, "INSERT INTO shop.ballast SELECT repeat('x', 7000) FROM generate_series(1, 750)")
      const goOn = await full(
        'CREATE INDEX CONCURRENTLY wide ON shop.orders (note, id) TABLESPACE small;',
        '--! no-transaction',
      )
      expect(
        await query(database, 'SELECT indexrelid::regclass::text AS index FROM pg_index WHERE NOT indisvalid'),
      ).toEqual([{ index: 'shop.wide' }])
      await goOn()
    })
  })

  test.each([
    ['in a transaction', ''],
    ['without transaction', '--! no-transaction'],
  ])(
    'that crashes in the middle of a run, and recovers, is migrated by the next run: %s',
    { timeout: patience },
    async (_, head) => {
      const packages = packagesOf({
        shop: {
          migrations: {
            '20260101000000_create': migration('CREATE SCHEMA shop;'),
            '20260102000000_wait': migration(`CREATE TABLE shop.orders (); ${atTheGate}`, '', head),
            '20260103000000_more': migration(
              'CREATE INDEX CONCURRENTLY i ON shop.t (id);',
              '',
              '--! no-transaction',
            ).replace('CREATE INDEX', 'CREATE TABLE shop.t (id int); CREATE INDEX'),
          },
        },
      })
      // What the specs before filled the small disk with is not to be filled in again by the recovery.
      await query(database, 'CHECKPOINT')
      await shutGate(database)
      const other = await connect({ url: server.url })
      const run = refusal(() => migrate(other, packages))
      await someoneAtTheGate(database)
      const [checkpointer] = await query<{ pid: number }>(
        database,
        "SELECT pid FROM pg_stat_activity WHERE backend_type = 'checkpointer'",
      )
      // The postmaster then ends every session at once and recovers from its log.
      await server.run(['kill', '-9', String(checkpointer?.pid)])
      expect((await run).code).toBe('migration_failed')
      await other.close()
      const again = await eventually('the server to be back', async () => {
        const back = await connect({ url: server.url })
        const client = await back.open('spec').catch(() => undefined)
        await client?.end()
        return client && back
      })
      await database.close()
      database = again
      expect(await ledgerNames(database)).toEqual(['20260101000000_create@shop'])
      await openGate(database)
      expect(await migrate(database, packages)).toHaveLength(2)
      expect(await query(database, 'SELECT * FROM athena_migrations.attempts')).toEqual([])
      expect(await query(database, "SELECT to_regclass('shop.orders') IS NOT NULL AS there")).toEqual([{ there: true }])
    },
  )
})
