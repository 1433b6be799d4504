import { readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { expect, test } from 'vitest'
import { athena, type Child, node } from '../../../test/athena.ts'
import { onEachEngine, type TestDatabase } from '../../../test/engines.ts'
import { empty, freshDatabase } from '../../../test/fresh-database.ts'
import { migrate, packagesOf, query, withClient } from '../../../test/migrating.ts'
import { installed, migration, type PackageSource, temporaryFolder } from '../../../test/packages.ts'
import { eventually } from '../../../test/waiting.ts'
import { catalogue } from '../src/index.ts'

const driver = fileURLToPath(new URL('kill-at.ts', import.meta.url))
const schemaSql = fileURLToPath(new URL('../../schema/schema.sql', import.meta.url))
const shop: PackageSource = {
  migrations: {
    '20260101000000_create':
      migration(`CREATE SCHEMA shop; CREATE TABLE shop.orders (id int, note text); INSERT INTO shop.orders VALUES (1);
CREATE TABLE shop.parted (id int) PARTITION BY LIST (id); CREATE TABLE shop.parted_1 PARTITION OF shop.parted FOR VALUES IN (1);`),
    '20260102000000_index': migration(
      'CREATE TABLE shop.made (); CREATE INDEX CONCURRENTLY idx_parted ON shop.parted (id); CREATE INDEX CONCURRENTLY idx ON shop.orders (note);',
      '',
      '--! no-transaction',
    ),
    '20260103000000_alter': migration('ALTER TABLE shop.orders ADD COLUMN more int;'),
  },
  functions: { one: 'CREATE OR REPLACE FUNCTION shop.one () RETURNS int LANGUAGE sql AS $$ SELECT 1 $$;' },
}

// Many processes one after another, beside whatever else the machine does.
const patience = 240_000

onEachEngine('kill -9 of a run', (engine) => {
  const db = freshDatabase(engine)
  const snapshot = (schema: string) => withClient(db().database, (client) => catalogue(client, [schema]))
  const invalid = () =>
    query<{ index: string }>(
      db().database,
      'SELECT indexrelid::regclass::text AS index FROM pg_index WHERE NOT indisvalid',
    )
  const up = (...more: string[]) => athena(['migrate', 'up', ...more], { cwd: temporaryFolder(), env: db().env })
  const committed = () => readFileSync(schemaSql, 'utf8').replace(/^(--.*\n|\n)+/, '')

  async function kill(child: Child): Promise<void> {
    child.process.kill('SIGKILL')
    expect((await child.ended).signal).toBe('SIGKILL')
  }

  test('at any boundary is survived: before, between and after migrations, statements and functions', {
    timeout: patience,
  }, async () => {
    const project = installed({ shop })
    const run = ({ url = '' }: TestDatabase, at: number) =>
      node(driver, [url, project, String(at), 'shop'], { cwd: project, env: {} }).ended
    const snapshotOf = async ({ database }: TestDatabase) => ({
      text: await withClient(database, (client) => catalogue(client, ['shop'])),
      ledger: await query(database, 'SELECT name FROM athena_migrations.migrations ORDER BY id'),
      attempts: await query(database, 'SELECT * FROM athena_migrations.attempts'),
    })
    const whole = await run(db(), 0)
    expect(whole).toMatchObject({ status: 0, stderr: '', stdout: '10' })
    const wanted = await snapshotOf(db())
    const other = await engine.create()
    const boundaries = Array.from({ length: 10 }, (_, index) => index + 1)
    const work = async (place: TestDatabase) => {
      for (let at = boundaries.shift(); at !== undefined; at = boundaries.shift()) {
        await empty(place.database)
        expect((await run(place, at)).signal, `boundary ${at}`).toBe('SIGKILL')
        await migrate(place.database, packagesOf({ shop }))
        expect(await snapshotOf(place), `boundary ${at}`).toEqual(wanted)
      }
    }
    await Promise.all([work(db()), work(other)])
    await other.drop()
  })

  test('again and again ends in schema.sql all the same', { timeout: patience }, async () => {
    const lines = 6
    for (let runs = 1; ; runs += 1) {
      const child = up()
      let told = 0
      child.process.stdout?.on('data', (text: string) => {
        told += text.split('\n').length - 1
        if (told >= lines) child.process.kill('SIGKILL')
      })
      const { status, signal, stderr } = await child.ended
      expect(signal ?? status, stderr).toBeOneOf([0, 'SIGKILL'])
      if (status !== 0) continue
      expect(runs).toBeGreaterThan(1)
      break
    }
    expect(await snapshot('athena')).toBe(committed())
    expect(await invalid()).toEqual([])
  })

  test.each([
    [
      'a partitioned table',
      'idx_memories_p00_embedding',
      'BEGIN ISOLATION LEVEL REPEATABLE READ; SELECT count(*) FROM athena.memories',
    ],
    ['a plain table', 'idx_tasks_project_status', 'BEGIN; LOCK TABLE athena.tasks IN ROW EXCLUSIVE MODE'],
  ])(
    'while it builds an index on %s leaves it invalid, and the next run mends it',
    { timeout: patience },
    async (_, index, slowDown) => {
      const { database } = db()
      expect((await up('--to', '20261122090240').ended).status).toBe(0)
      await query(
        database,
        `INSERT INTO athena.projects (name) SELECT 'project ' || n FROM generate_series(1, 20) AS n`,
      )
      await query(
        database,
        `INSERT INTO athena.memories (project_id, memory_type, content, embedding, indexed)
       SELECT p.id, 'fact', 'memory ' || n, array_fill(0.1 + random()::real, ARRAY[768])::halfvec(768), true
         FROM athena.projects AS p, generate_series(1, 20) AS n`,
      )
      const other = await database.open('slow transaction')
      await other.query(slowDown)
      const child = up()
      await eventually(`${index} to be there, invalid`, async () =>
        (await invalid()).some((row) => row.index === `athena.${index}`),
      )
      await kill(child)
      await eventually(
        'its sessions to be gone',
        async () =>
          (
            await query(
              database,
              "SELECT FROM pg_stat_activity WHERE datname = current_database() AND application_name LIKE 'athena migrate%'",
            )
          ).length === 0,
      )
      expect((await invalid()).map((row) => row.index)).toContain(`athena.${index}`)
      await other.query('COMMIT')
      await other.end()
      expect(await up().ended).toMatchObject({ status: 0 })
      expect(await snapshot('athena')).toBe(committed())
      expect(await invalid()).toEqual([])
      expect(await query(database, 'SELECT count(*)::int AS n FROM athena.memories')).toEqual([{ n: 400 }])
    },
  )
})
