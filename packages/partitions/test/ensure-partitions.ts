import { beforeEach, describe, expect, test } from 'vitest'
import type { Migrated } from '../../schema/test/migrated.ts'

/** Names of the months of `from` and the `count` after it. */
function months(from: string, count: number): string[] {
  const start = new Date(from)
  return Array.from({ length: count + 1 }, (_, ahead) => {
    const month = new Date(Date.UTC(start.getUTCFullYear(), start.getUTCMonth() + ahead))
    return month.toISOString().slice(0, 7).replace('-', '_')
  })
}

export function ensurePartitions(db: Migrated): void {
  describe('ensure_partitions', () => {
    const ask = async (sql: string, values: unknown[] = []) => (await db.client().query(sql, values)).rows
    const ensure = async (args: string, values: unknown[] = []): Promise<string[]> =>
      (await ask(`SELECT made FROM athena.ensure_partitions(${args}) AS made`, values)).map(({ made }) => made)
    const bounds = async (table: string) => {
      await ask("SET LOCAL TimeZone = 'UTC'")
      return ask(
        `SELECT c.relname AS name, pg_get_expr(c.relpartbound, c.oid) AS bounds FROM pg_inherits JOIN pg_class c ON c.oid = inhrelid
        WHERE inhparent = $1::regclass ORDER BY 1`,
        [table],
      )
    }
    beforeEach(async () => {
      await ask('CREATE TABLE athena.visits (at timestamptz NOT NULL, id bigint) PARTITION BY RANGE (at)')
    })

    test('finds nothing to do after the first migration, twice', async () => {
      expect(await ensure('')).toEqual([])
      expect(await ensure('')).toEqual([])
    })

    test('makes the months of episodic_events that time has brought, and returns their names', async () => {
      const in_three = "'athena.episodic_events', 12, now() + interval '3 months'"
      const last = months(new Date().toISOString(), 15).slice(-3)
      expect(await ensure(in_three)).toEqual(last.map((month) => `athena.episodic_events_${month}`))
      expect(await ensure(in_three)).toEqual([])
    })

    test('makes only what is missing, in a gap as well', async () => {
      await ask(`DROP TABLE athena.episodic_events_${months(new Date().toISOString(), 4).at(-1)}`)
      expect(await ensure('')).toEqual([`athena.episodic_events_${months(new Date().toISOString(), 4).at(-1)}`])
    })

    test('makes this month and twelve ahead of an empty table, over the turn of the year', async () => {
      const names = months('2027-11-30T23:59:59Z', 12)
      expect(await ensure("'athena.visits', 12, '2027-11-30 23:59:59Z'")).toEqual(
        names.map((month) => `athena.visits_${month}`),
      )
      expect((await bounds('athena.visits'))[1]).toEqual({
        name: 'visits_2027_12',
        bounds: "FOR VALUES FROM ('2027-12-01 00:00:00+00') TO ('2028-01-01 00:00:00+00')",
      })
    })

    test('makes one month with months_ahead 0', async () => {
      expect(await ensure("'athena.visits', 0, '2028-02-29 12:00Z'")).toEqual(['athena.visits_2028_02'])
    })

    test.each(['UTC', 'Pacific/Auckland', 'America/Los_Angeles', 'Asia/Kathmandu'])(
      'makes months in UTC whatever the session’s TimeZone: %s',
      async (zone) => {
        await ask("SELECT set_config('TimeZone', $1, true), set_config('DateStyle', 'SQL, DMY', true)", [zone])
        // In Auckland it is April already, in Los Angeles still February when March begins.
        expect(await ensure("'athena.visits', 1, '2027-03-31 23:30Z'")).toEqual([
          'athena.visits_2027_03',
          'athena.visits_2027_04',
        ])
        expect(await ensure("'athena.visits', 0, '2027-03-01 00:00Z'")).toEqual([])
        expect((await ask('SHOW TimeZone'))[0]).toEqual({ TimeZone: zone })
        await ask("SET LOCAL DateStyle = 'ISO, YMD'")
        expect(await bounds('athena.visits')).toEqual([
          {
            name: 'visits_2027_03',
            bounds: "FOR VALUES FROM ('2027-03-01 00:00:00+00') TO ('2027-04-01 00:00:00+00')",
          },
          {
            name: 'visits_2027_04',
            bounds: "FOR VALUES FROM ('2027-04-01 00:00:00+00') TO ('2027-05-01 00:00:00+00')",
          },
        ])
      },
    )

    test('leaves alone a month that a wider partition covers', async () => {
      await ask(
        "CREATE TABLE athena.visits_2027 PARTITION OF athena.visits FOR VALUES FROM ('2027-01-01Z') TO ('2028-01-01Z')",
      )
      expect(await ensure("'athena.visits', 2, '2027-11-15Z'")).toEqual(['athena.visits_2028_01'])
      await ask(
        "CREATE TABLE athena.visits_past PARTITION OF athena.visits FOR VALUES FROM (MINVALUE) TO ('2020-01-01Z')",
      )
      expect(await ensure("'athena.visits', 0, '1999-07-01Z'")).toEqual([])
    })

    test('quotes names, whatever they hold', async () => {
      await ask(`CREATE SCHEMA "my ""odd"" schema"`)
      await ask(
        `CREATE TABLE "my ""odd"" schema"."Ereignisse; 'zwölf' %s" ("At" timestamptz NOT NULL) PARTITION BY RANGE ("At")`,
      )
      expect(await ensure(`'"my ""odd"" schema"."Ereignisse; ''zwölf'' %s"'::regclass, 1, '2027-01-31Z'`)).toEqual([
        `"my ""odd"" schema"."Ereignisse; 'zwölf' %s_2027_01"`,
        `"my ""odd"" schema"."Ereignisse; 'zwölf' %s_2027_02"`,
      ])
      await ask(`INSERT INTO "my ""odd"" schema"."Ereignisse; 'zwölf' %s" VALUES ('2027-02-15Z')`)
    })

    test('makes a month that takes its events', async () => {
      await ensure("'athena.episodic_events', 0, '2040-06-15Z'")
      const [project] = await ask("INSERT INTO athena.projects (name) VALUES ('far ahead') RETURNING id")
      const [row] = await ask(
        `INSERT INTO athena.episodic_events (project_id, happened_at, session_id, kind, content)
       VALUES ($1, '2040-06-30T23:59:59.999999Z', 's', 'action', 'x') RETURNING tableoid::regclass::text AS home`,
        [project.id],
      )
      expect(row).toEqual({ home: 'athena.episodic_events_2040_06' })
    })
  })
}
