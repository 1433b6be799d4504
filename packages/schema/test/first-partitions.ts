import { beforeEach, describe, expect, test } from 'vitest'
import type { Migrated } from './migrated.ts'
import { insert, project, refused } from './rows.ts'

/** Partitions of $1 and their bounds. */
export const bounds = `
  SELECT c.relname AS name, pg_get_expr(c.relpartbound, c.oid) AS bounds FROM pg_inherits i JOIN pg_class c ON c.oid = i.inhrelid
   WHERE i.inhparent = $1::regclass ORDER BY c.relname COLLATE "C"`

/** First instant of a month in UTC, `ahead` months from now. */
function month(ahead: number): Date {
  const now = new Date()
  return new Date(Date.UTC(now.getUTCFullYear(), now.getUTCMonth() + ahead))
}
const nameOf = (start: Date) => `episodic_events_${start.toISOString().slice(0, 7).replace('-', '_')}`
const text = (time: Date) => `'${time.toISOString().slice(0, 19).replace('T', ' ')}+00'`

export function firstPartitions(db: Migrated): void {
  describe('the first partitions', () => {
    let project_id: string
    beforeEach(async () => {
      project_id = await project(db.client(), 'athena-pg')
    })
    const ask = async (sql: string, values: unknown[] = []) => (await db.client().query(sql, values)).rows
    const homeOf = async (table: string, id: unknown) =>
      (await ask(`SELECT tableoid::regclass::text AS home FROM athena.${table} WHERE id = $1`, [id]))[0].home

    test('of memories are eight, one for each remainder', async () => {
      expect(await ask(bounds, ['athena.memories'])).toEqual(
        [0, 1, 2, 3, 4, 5, 6, 7].map((remainder) => ({
          name: `memories_p0${remainder}`,
          bounds: `FOR VALUES WITH (modulus 8, remainder ${remainder})`,
        })),
      )
    })

    test('take a project’s memories all in one, and the projects evenly', async () => {
      const homes = new Set<string>()
      for (let n = 0; n < 40; n++) {
        const other = await project(db.client(), `project ${n}`)
        const [one, two] = [
          await insert(db.client(), 'memories', { project_id: other }),
          await insert(db.client(), 'memories', { project_id: other }),
        ]
        const home = await homeOf('memories', one.id)
        expect(await homeOf('memories', two.id)).toBe(home)
        const [row] = await ask(
          `SELECT satisfies_hash_partition('athena.memories'::regclass, 8, $1, $2::bigint) AS right`,
          [Number(home.slice(-1)), other],
        )
        expect(row).toEqual({ right: true })
        homes.add(home)
      }
      expect(homes.size).toBeGreaterThan(5)
    })

    test('of events are the month before, this one and twelve ahead, in UTC', async () => {
      await ask("SET LOCAL TimeZone = 'UTC'")
      expect(await ask(bounds, ['athena.episodic_events'])).toEqual(
        Array.from({ length: 14 }, (_, n) => ({
          name: nameOf(month(n - 1)),
          bounds: `FOR VALUES FROM (${text(month(n - 1))}) TO (${text(month(n))})`,
        })),
      )
    })

    test.each([-1, 0, 1, 12])('take an event of month %i, first and last microsecond included', async (ahead) => {
      const last = `${month(ahead + 1)
        .toISOString()
        .slice(0, 19)}Z`
      const first = await insert(db.client(), 'episodic_events', { project_id, happened_at: month(ahead) })
      const [row] = await ask(
        `INSERT INTO athena.episodic_events (project_id, happened_at, session_id, kind, content)
       VALUES ($1, $2::timestamptz - interval '1 microsecond', 's', 'action', 'x') RETURNING id`,
        [project_id, last],
      )
      expect(await homeOf('episodic_events', first.id)).toBe(`athena.${nameOf(month(ahead))}`)
      expect(await homeOf('episodic_events', row.id)).toBe(`athena.${nameOf(month(ahead))}`)
    })

    test.each([
      ['before', -2],
      ['after', 13],
    ])('refuse an event of the month %s them', async (_, ahead) => {
      const answer = await refused(db.client(), () =>
        insert(db.client(), 'episodic_events', { project_id, happened_at: month(ahead) }),
      )
      expect(answer).toMatchObject({
        code: '23514',
        message: 'no partition of relation "episodic_events" found for row',
      })
    })
  })
}
