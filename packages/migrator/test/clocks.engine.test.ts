import { afterEach, expect, test, vi } from 'vitest'
import { onEachEngine } from '../../../test/engines.ts'
import { freshDatabase } from '../../../test/fresh-database.ts'
import { ledgerNames, migrate, packagesOf, query } from '../../../test/migrating.ts'
import { migration } from '../../../test/packages.ts'

const names = ['20260101000000_a', '20260102000000_b', '20260103000000_c', '20260104000000_d']

onEachEngine('between two runs', (engine) => {
  const db = freshDatabase(engine)
  afterEach(() => vi.useRealTimers())

  const packages = (count: number) =>
    packagesOf({
      shop: {
        migrations: Object.fromEntries(
          names
            .slice(0, count)
            .map((name) => [
              name,
              migration(
                `CREATE TABLE public.${name.slice(-1)} (at timestamptz DEFAULT '2026-01-01 00:00');`,
                `DROP TABLE public.${name.slice(-1)};`,
                name.endsWith('c') ? '--! no-transaction' : '',
              ),
            ]),
        ),
      },
    })
  const ids = (count: number) => names.slice(0, count).map((name) => `${name}@shop`)

  async function stepByStep(between: (step: number) => Promise<unknown>): Promise<void> {
    const { database } = db()
    for (const count of [1, 2, 3, 4]) {
      await migrate(database, packages(count))
      expect(await ledgerNames(database)).toEqual(ids(count))
      await between(count)
    }
    expect(await migrate(database, packages(4))).toEqual([])
    const taken = await migrate(database, packages(4), { direction: 'down', steps: 3 })
    expect(taken.map(({ id }) => id)).toEqual(ids(4).slice(1).reverse())
    expect(await migrate(database, packages(4))).toHaveLength(3)
    expect(await ledgerNames(database)).toEqual(ids(4))
  }

  test('the server’s clock may jump by years, either way', async () => {
    const { database } = db()
    await stepByStep((step) =>
      query(
        database,
        `UPDATE athena_migrations.migrations SET run_on = now() + interval '${step % 2 === 0 ? -5 : 5} years' WHERE file = $1`,
        [names[step - 1]],
      ),
    )
  })

  test('the runner’s own clock may jump by years, and no duration with it', async () => {
    const { database } = db()
    const years = [2001, 2100, 1970, 2026]
    await stepByStep(async (step) => {
      vi.useFakeTimers({ toFake: ['Date'], now: new Date(`${years[step - 1]}-06-01`) })
    })
    const [row] = await query<{ ok: boolean }>(
      database,
      "SELECT bool_and(duration BETWEEN interval '0' AND interval '10 minutes') AS ok FROM athena_migrations.migrations",
    )
    expect(row?.ok).toBe(true)
  })

  test('the time zone of the database may change: a time without zone in a file means the same', async () => {
    const { database } = db()
    const zones = ['Pacific/Auckland', 'America/Los_Angeles', 'Asia/Kolkata', 'UTC']
    const set = (zone: string | undefined) =>
      query(
        database,
        `DO $$ BEGIN EXECUTE format('ALTER DATABASE %I SET TimeZone = %L', current_database(), '${zone}'); END $$`,
      )
    await stepByStep((step) => set(zones[step - 1]))
    const rows = await query<{ expression: string }>(database, "SET TimeZone = 'UTC'; SELECT 1").then(() =>
      query(
        database,
        `SELECT DISTINCT pg_get_expr(adbin, adrelid) AS expression FROM pg_attrdef WHERE adrelid IN (SELECT oid FROM pg_class WHERE relnamespace = 'public'::regnamespace)`,
      ),
    )
    expect(rows).toEqual([{ expression: "'2026-01-01 00:00:00+00'::timestamp with time zone" }])
  })
})
