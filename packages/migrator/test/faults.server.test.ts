import { fileURLToPath } from 'node:url'
import { expect, test } from 'vitest'
import { node } from '../../../test/athena.ts'
import { onEachEngine, type TestDatabase } from '../../../test/engines.ts'
import { empty } from '../../../test/fresh-database.ts'
import { migrate, packagesOf, query, withClient } from '../../../test/migrating.ts'
import { installed, migration, type PackageSource } from '../../../test/packages.ts'
import { pause } from '../../../test/waiting.ts'
import { apply, catalogue, plan, type Target } from '../src/index.ts'
import { cutWire } from './cut-wire.ts'
import { unplugged } from './unplugged.ts'

const child = fileURLToPath(new URL('run-plan.ts', import.meta.url))
const short = 'SELECT pg_sleep(0.03);'
const shop: PackageSource = {
  migrations: {
    '20260101000000_create': migration(
      `CREATE SCHEMA shop; CREATE TABLE shop.orders (id int PRIMARY KEY, price int, total int);
INSERT INTO shop.orders SELECT n, n FROM generate_series(1, 200) AS n; CREATE TABLE shop.log (note text);
CREATE TABLE shop.archive (id int); CREATE TABLE shop.parted (id int, note text) PARTITION BY LIST (id);
CREATE TABLE shop.parted_1 PARTITION OF shop.parted FOR VALUES IN (1); CREATE TABLE shop.parted_2 PARTITION OF shop.parted FOR VALUES IN (2) PARTITION BY LIST (note);
CREATE TABLE shop.parted_2_a PARTITION OF shop.parted_2 FOR VALUES IN ('a'); CREATE TABLE shop.parted_3 PARTITION OF shop.parted FOR VALUES IN (3); CREATE TABLE shop.parted_4 PARTITION OF shop.parted FOR VALUES IN (4);
INSERT INTO shop.parted SELECT 1, n FROM generate_series(1, 50) AS n; ${short}`,
      'DROP SCHEMA shop CASCADE;',
    ),
    '20260102000000_alone': migration(
      `CREATE TABLE shop.made (); INSERT INTO shop.log VALUES ('alone'); SET search_path = shop;
CREATE UNIQUE INDEX CONCURRENTLY idx_parted_id ON shop.parted (id, note); CREATE INDEX CONCURRENTLY idx_orders_price ON shop.orders (price);
INSERT INTO log VALUES ('alone, later'); VACUUM orders; ${short} ALTER TABLE shop.parted DETACH PARTITION shop.parted_4 CONCURRENTLY; REINDEX INDEX CONCURRENTLY shop.idx_orders_price;`,
      `ALTER TABLE shop.parted ATTACH PARTITION shop.parted_4 FOR VALUES IN (4); DROP INDEX shop.idx_parted_id; INSERT INTO shop.log VALUES ('down'); DROP INDEX CONCURRENTLY shop.idx_orders_price; DROP TABLE shop.made;`,
      '--! no-transaction',
    ),
    '20260103000000_alter': migration(
      `ALTER TABLE shop.orders ADD COLUMN more int; INSERT INTO shop.log VALUES ('alter'); ${short} CREATE INDEX ON shop.log (note);`,
      `ALTER TABLE shop.orders DROP COLUMN more; ${short} DROP INDEX shop.log_note_idx;`,
    ),
    '20260104000000_fill': migration(
      `UPDATE shop.orders SET total = price * 2 WHERE id IN (SELECT id FROM shop.orders WHERE total IS NULL LIMIT :batch FOR UPDATE SKIP LOCKED);
INSERT INTO shop.log VALUES ('filled');
INSERT INTO shop.archive SELECT id FROM shop.orders o WHERE NOT EXISTS (SELECT FROM shop.archive a WHERE a.id = o.id) LIMIT :batch;
ALTER TABLE shop.orders ADD CONSTRAINT total_known CHECK (total IS NOT NULL) NOT VALID; ALTER TABLE shop.orders VALIDATE CONSTRAINT total_known;`,
      `ALTER TABLE shop.orders DROP CONSTRAINT total_known; DELETE FROM shop.archive WHERE id IN (SELECT id FROM shop.archive LIMIT :batch);
UPDATE shop.orders SET total = NULL WHERE id IN (SELECT id FROM shop.orders WHERE total IS NOT NULL LIMIT :batch);`,
      '--! batch: 40',
    ),
  },
  functions: {
    one: 'CREATE OR REPLACE FUNCTION shop.one () RETURNS int LANGUAGE sql AS $$ SELECT 1 $$;',
    two: 'CREATE OR REPLACE FUNCTION shop.two () RETURNS bigint LANGUAGE sql BEGIN ATOMIC SELECT count(more) FROM shop.orders; END;',
  },
}
/** Faults to make on each server; a seed makes one to six or so. */
const count = Number(process.env.ATHENA_FAULTS ?? 40)
const only = process.env.ATHENA_FAULT_SEED
const workers = 8

const faults = ['killed at a message', 'cut off', 'killed', 'session ended'] as const

/** The same numbers for the same seed: mulberry32. */
function random(seed: number): () => number {
  let state = seed * 0x9e3779b9
  return () => {
    state = (state + 0x6d2b79f5) | 0
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state)
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4294967296
  }
}

onEachEngine('a run that is stopped anywhere', (engine) => {
  const packages = packagesOf({ shop })
  const project = installed({ shop })
  const targets: Record<'up' | 'down', Target> = { up: { direction: 'up' }, down: { direction: 'down', to: 'zero' } }

  async function snapshot({ database }: TestDatabase): Promise<unknown> {
    const text = await withClient(database, (client) => catalogue(client, ['shop', 'athena_migrations']))
    const rows: Record<string, unknown> = {}
    const tables = await query<{ name: string }>(
      database,
      "SELECT oid::regclass::text AS name FROM pg_class WHERE relnamespace = to_regnamespace('shop') AND relkind IN ('r', 'p') ORDER BY 1",
    )
    for (const { name } of tables)
      rows[name] = await query(database, `SELECT to_jsonb(t)::text AS row FROM ${name} AS t ORDER BY 1`)
    return {
      text,
      rows,
      ledger: await query(database, 'SELECT name, checksum, variables FROM athena_migrations.migrations ORDER BY id'),
      functions: await query(database, 'SELECT file, signature FROM athena_migrations.functions ORDER BY file'),
      attempts: await query(database, 'SELECT * FROM athena_migrations.attempts'),
      invalid: await query(
        database,
        'SELECT indexrelid::regclass FROM pg_index WHERE NOT (indisvalid AND indisready AND indislive)',
      ),
    }
  }

  const planned = (database: TestDatabase['database'], direction: 'up' | 'down') =>
    withClient(database, (client) => plan(client, packages, targets[direction]))

  /** A run to which one of these happens; however it ends is well. */
  const happening: Record<
    (typeof faults)[number],
    (db: TestDatabase, direction: 'up' | 'down', share: number, whole: Whole) => Promise<unknown>
  > = {
    'killed at a message': async ({ database }, direction, share, { messages }) => {
      const broken = unplugged(database, 1 + Math.floor(share * messages))
      return apply(broken.database, await planned(database, direction))
    },
    'cut off': async ({ database, url = '' }, direction, share, { messages }) => {
      const work = await planned(database, direction)
      const wire = await cutWire(
        url,
        1 + Math.floor(share * (messages + 12)),
        share * 1000 - Math.floor(share * 1000) < 0.5,
      )
      return apply(wire.database, work).finally(wire.close)
    },
    killed: async ({ url = '' }, direction, share, { milliseconds }) => {
      const run = node(child, [url, project, direction, 'shop'], { cwd: project, env: {} })
      run.process.stdout?.once('data', () => setTimeout(() => run.process.kill('SIGKILL'), share * milliseconds))
      return run.ended
    },
    'session ended': async ({ database }, direction, share, { milliseconds }) => {
      const run = apply(database, await planned(database, direction)).catch(() => undefined)
      await pause(share * milliseconds)
      await query(
        database,
        `SELECT pg_terminate_backend(pid) FROM (SELECT pid FROM pg_stat_activity
          WHERE datname = current_database() AND application_name ~ '^athena migrate (up|down|lock)'
          ORDER BY application_name ${share * 100 - Math.floor(share * 100) < 0.2 ? 'ASC' : 'DESC'} LIMIT 1) AS one`,
      )
      return run
    },
  }

  interface Whole {
    messages: number
    milliseconds: number
    state: unknown
  }

  async function undisturbed(db: TestDatabase, direction: 'up' | 'down'): Promise<Whole> {
    const counted = unplugged(db.database, Number.POSITIVE_INFINITY)
    const startedAt = performance.now()
    await apply(counted.database, await planned(db.database, direction))
    return {
      messages: counted.messages(),
      milliseconds: performance.now() - startedAt,
      state: await snapshot(db),
    }
  }

  async function survive(db: TestDatabase, seed: number, whole: Record<'up' | 'down', Whole>): Promise<string[]> {
    const next = random(seed)
    await empty(db.database)
    const told: string[] = []
    // Up; or up, down and up again.
    const phases = next() < 0.6 ? (['up'] as const) : (['up', 'down', 'up'] as const)
    for (const direction of phases) {
      const times = direction === phases[0] || next() < 0.7 ? 1 + Math.floor(next() * 3) : 0
      for (let time = 0; time < times; time += 1) {
        const fault = faults[Math.floor(next() * faults.length)] ?? 'killed'
        const share = next()
        told.push(`${direction}, ${fault} at ${Math.round(share * 100)} %`)
        await happening[fault](db, direction, share, whole[direction]).catch(() => undefined)
      }
      await migrate(db.database, packages, targets[direction]).catch((cause: Error) => {
        throw new Error(`${told.join('; ')}: the next run could not finish: ${cause.message}`, { cause })
      })
      expect(await snapshot(db), told.join('; ')).toEqual(whole[direction].state)
    }
    return told
  }

  test(`is finished by the next one, to the same catalogue and the same rows: ${only === undefined ? `${count} faults` : `seed ${only}`}`, {
    timeout: 120_000 + count * 20_000,
  }, async () => {
    const databases = await Promise.all(Array.from({ length: workers }, () => engine.create()))
    const [first] = databases as [TestDatabase]
    await empty(first.database)
    const whole = { up: await undisturbed(first, 'up'), down: await undisturbed(first, 'down') }
    let faultsMade = 0
    let seeds = 0
    const nextSeed = (): number | undefined => {
      if (only !== undefined) return seeds++ === 0 ? Number(only) : undefined
      return faultsMade < count ? ++seeds : undefined
    }
    await Promise.all(
      databases.map(async (db) => {
        for (let seed = nextSeed(); seed !== undefined; seed = nextSeed()) {
          const made = await survive(db, seed, whole).catch((cause: Error) => {
            faultsMade = count
            throw new Error(`seed ${seed}: ${cause.message}\nagain: ATHENA_FAULT_SEED=${seed} pnpm test:faults`, {
              cause,
            })
          })
          faultsMade += made.length
        }
      }),
    )
    expect(faultsMade).toBeGreaterThanOrEqual(only === undefined ? count : 1)
    await Promise.all(databases.map((db) => db.drop()))
  })
})
