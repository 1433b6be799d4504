import { beforeEach, describe, expect, test } from 'vitest'
import type { Migrated } from '../../schema/test/migrated.ts'

const long = 'a'.repeat(56)
const tables = `
  CREATE TABLE athena.visits (at timestamptz NOT NULL) PARTITION BY RANGE (at);
  CREATE TABLE athena.plain (at timestamptz NOT NULL);
  CREATE TABLE athena.by_day (at date NOT NULL) PARTITION BY RANGE (at);
  CREATE TABLE athena.without_zone (at timestamp NOT NULL) PARTITION BY RANGE (at);
  CREATE TABLE athena.by_two (at timestamptz NOT NULL, n int) PARTITION BY RANGE (at, n);
  CREATE TABLE athena.by_expression (at timestamptz NOT NULL) PARTITION BY RANGE ((at AT TIME ZONE 'UTC'));
  CREATE TABLE athena.${long} (at timestamptz NOT NULL) PARTITION BY RANGE (at);
  CREATE TABLE athena.half (at timestamptz NOT NULL) PARTITION BY RANGE (at);
  CREATE TABLE athena.half_1 PARTITION OF athena.half FOR VALUES FROM ('2027-03-01Z') TO ('2027-03-10Z');
  CREATE TABLE athena.visits_2027_05 (at timestamptz NOT NULL);
  CREATE TABLE athena.busy (at timestamptz NOT NULL) PARTITION BY RANGE (at);
  CREATE TABLE athena.busy_rest PARTITION OF athena.busy DEFAULT;
  INSERT INTO athena.busy VALUES ('2027-03-05Z')`

export function ensureRefusals(db: Migrated): void {
  describe('ensure_partitions refuses', () => {
    beforeEach(() => db.client().query(tables))

    const notByMonth = {
      code: '42809',
      hint: expect.stringContaining('PARTITION BY RANGE (column) with column timestamptz'),
    }
    const badNumber = { code: '22023', message: expect.stringContaining('months_ahead must be 0 to 1200') }
    const noTable = { code: '42P01', hint: expect.stringContaining('athena migrate up') }

    test.each([
      ["'athena.memories'", { ...notByMonth, detail: 'It is partitioned by HASH (project_id).' }],
      ["'athena.plain'", { ...notByMonth, detail: 'It is not partitioned.' }],
      ["'athena.plans_pkey'", notByMonth],
      ["'athena.by_day'", { ...notByMonth, detail: 'It is partitioned by RANGE (at).' }],
      ["'athena.without_zone'", notByMonth],
      ["'athena.by_two'", notByMonth],
      ["'athena.by_expression'", notByMonth],
      ["'athena.episodic_events', -1", badNumber],
      ["'athena.episodic_events', 1201", badNumber],
      ["'athena.episodic_events', NULL", badNumber],
      ["'athena.episodic_events', 12, NULL", badNumber],
      ["'athena.episodic_events', 12, 'infinity'", badNumber],
      ["'athena.episodic_events', 2147483648", { code: '42883' }],
      ['NULL', noTable],
      ['0::regclass', noTable],
      ["'athena.no_such_table'", { code: '42P01' }],
      [`'athena.${long}'`, { code: '42622', hint: expect.stringContaining('55 bytes') }],
      ["'athena.half', 0, '2027-03-15Z'", { code: '42P17', hint: expect.stringMatching(/\w/) }],
      ["'athena.visits', 0, '2027-05-15Z'", { code: '42P07', hint: expect.stringContaining('ATTACH PARTITION') }],
      ["'athena.busy', 0, '2027-03-15Z'", { code: '23514' }],
    ])('%s', async (args, answer) => {
      const before = await db.client().query('SELECT count(*) FROM pg_class')
      await db.client().query('SAVEPOINT attempt')
      await expect(db.client().query(`SELECT athena.ensure_partitions(${args})`)).rejects.toMatchObject(answer)
      await db.client().query('ROLLBACK TO SAVEPOINT attempt')
      expect((await db.client().query('SELECT count(*) FROM pg_class')).rows).toEqual(before.rows)
    })

    test('a default parent where episodic_events is not there, and says what to run', async () => {
      await db.client().query('DROP TABLE athena.episodic_events')
      await expect(db.client().query('SELECT athena.ensure_partitions()')).rejects.toMatchObject(noTable)
    })

    test('nothing when the name has 63 bytes, the longest there is', async () => {
      const name = 'a'.repeat(55)
      await db.client().query(`CREATE TABLE athena.${name} (at timestamptz NOT NULL) PARTITION BY RANGE (at)`)
      const { rows } = await db
        .client()
        .query(`SELECT athena.ensure_partitions('athena.${name}', 0, '2027-01-01Z') AS made`)
      expect(rows).toEqual([{ made: `athena.${name}_2027_01` }])
    })
  })
}
