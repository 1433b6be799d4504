import { describe, expect, test } from 'vitest'
import type { Migrated } from '../../schema/test/migrated.ts'

export function describing(db: Migrated): void {
  describe('describe_partitions', () => {
    const ask = async (sql: string) => (await db.client().query(sql)).rows
    const describePartitions = (parent = '') => ask(`SELECT * FROM athena.describe_partitions(${parent})`)

    test('gives a row for each partition of all partitioned tables in athena', async () => {
      const rows = await describePartitions()
      const count = (parent: string) => rows.filter(({ parent_name }) => parent_name === `athena.${parent}`).length
      expect([count('memories'), count('episodic_events'), rows.length]).toEqual([8, 14, 22])
      const { rows: real } = await db
        .client()
        .query('SELECT count(*)::int AS n FROM pg_class WHERE relispartition AND relkind = $1', ['r'])
      expect(rows).toHaveLength(real[0].n)
    })

    test('tells the bounds of months as times, and none for hashes', async () => {
      await ask("SET LOCAL TimeZone = 'Pacific/Auckland'")
      const now = new Date()
      const start = new Date(Date.UTC(now.getUTCFullYear(), now.getUTCMonth() - 1))
      const end = new Date(Date.UTC(now.getUTCFullYear(), now.getUTCMonth()))
      const [first] = await describePartitions("'athena.episodic_events'")
      expect(first).toMatchObject({
        partition_name: `athena.episodic_events_${start.toISOString().slice(0, 7).replace('-', '_')}`,
        strategy: 'range',
        lower_bound: start,
        upper_bound: end,
        is_default: false,
        bounds: expect.stringContaining('+00'),
      })
      const [hash] = await describePartitions("'athena.memories'")
      expect(hash).toMatchObject({
        strategy: 'hash',
        lower_bound: null,
        upper_bound: null,
        bounds: 'FOR VALUES WITH (modulus 8, remainder 0)',
      })
    })

    test('gives each table’s months in order of time', async () => {
      const months = await describePartitions("'athena.episodic_events'")
      const times = months.map(({ lower_bound }) => Number(lower_bound))
      expect(times).toEqual(times.toSorted((a, b) => a - b))
      for (const [at, { lower_bound }] of months.entries())
        if (at > 0) expect(lower_bound).toEqual(months[at - 1].upper_bound)
    })

    test('counts rows once they were analysed, and bytes of table and indexes', async () => {
      await ask("INSERT INTO athena.projects (name) VALUES ('counted')")
      await ask(
        `INSERT INTO athena.memories (project_id, memory_type, content) SELECT id, 'fact', 'fact number ' || n
         FROM athena.projects, generate_series(1, 500) n WHERE name = 'counted'`,
      )
      const full = async () =>
        (await describePartitions("'athena.memories'")).filter(({ table_bytes }) => Number(table_bytes) > 65536)
      const [before, ...others] = await full()
      expect(others).toEqual([])
      expect(before.estimated_rows).toBeNull()
      await ask('ANALYZE athena.memories')
      const [after] = await full()
      expect(after.estimated_rows).toBe('500')
      const [size] = await ask(`SELECT pg_total_relation_size('${after.partition_name}') AS bytes`)
      expect(after.total_bytes).toBe(size.bytes)
      expect(Number(after.table_bytes) + Number(after.index_bytes)).toBe(Number(after.total_bytes))
      expect(Number(after.index_bytes)).toBeGreaterThan(16384)
    })

    test('tells a DEFAULT and unbounded ends, of a table in any schema, quoted', async () => {
      await ask(`CREATE SCHEMA "Odd one"; CREATE TABLE "Odd one"."T" (at timestamptz) PARTITION BY RANGE (at);
      CREATE TABLE "Odd one".rest PARTITION OF "Odd one"."T" DEFAULT;
      CREATE TABLE "Odd one".past PARTITION OF "Odd one"."T" FOR VALUES FROM (MINVALUE) TO ('2020-01-01Z');
      CREATE TABLE "Odd one".future PARTITION OF "Odd one"."T" FOR VALUES FROM ('2030-01-01Z') TO (MAXVALUE)`)
      const rows = await describePartitions(`'"Odd one"."T"'`)
      const byName = Object.fromEntries(rows.map((row) => [row.partition_name, row]))
      expect(Object.keys(byName)).toHaveLength(3)
      expect(byName['"Odd one".rest']).toMatchObject({
        parent_name: '"Odd one"."T"',
        is_default: true,
        bounds: 'DEFAULT',
        lower_bound: null,
        upper_bound: null,
      })
      expect(byName['"Odd one".past']).toMatchObject({
        is_default: false,
        lower_bound: null,
        upper_bound: new Date('2020-01-01T00:00:00Z'),
      })
      expect(byName['"Odd one".future']).toMatchObject({
        lower_bound: new Date('2030-01-01T00:00:00Z'),
        upper_bound: null,
      })
      expect(await describePartitions()).toHaveLength(22)
    })

    test('gives the bounds of a list, and leaves times null where the key is no timestamptz', async () => {
      await ask(`CREATE TABLE athena.l (n text) PARTITION BY LIST (n); CREATE TABLE athena.l_1 PARTITION OF athena.l FOR VALUES IN ('a'' b', NULL);
      CREATE TABLE athena.d (n date) PARTITION BY RANGE (n); CREATE TABLE athena.d_1 PARTITION OF athena.d FOR VALUES FROM ('2027-01-01') TO ('2028-01-01')`)
      expect(await describePartitions("'athena.l'")).toMatchObject([
        { strategy: 'list', bounds: "FOR VALUES IN ('a'' b', NULL)", is_default: false },
      ])
      expect(await describePartitions("'athena.d'")).toMatchObject([
        { strategy: 'range', lower_bound: null, upper_bound: null },
      ])
    })

    test('gives nothing for a table without partitions', async () => {
      expect(await describePartitions("'athena.projects'")).toEqual([])
      await ask('CREATE TABLE athena.empty (at timestamptz) PARTITION BY RANGE (at)')
      expect(await describePartitions("'athena.empty'")).toEqual([])
    })
  })
}
