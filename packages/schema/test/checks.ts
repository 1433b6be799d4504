import { beforeAll, expect, test } from 'vitest'
import { onEachEngine } from '../../../test/engines.ts'
import { migrated } from './migrated.ts'
import { fullProject, type Row, refused } from './rows.ts'

/** A change to a good row that the named check (or, for other refusals, the SQLSTATE) refuses. */
export type Case = readonly [change: Row, refusedBy: string]

/** A text of this many bytes. */
export const bytes = (count: number, character = 'a') => character.repeat(count / Buffer.byteLength(character))

/** An embedding whose elements `element` gives. */
export const embedding = (dimensions: number, element: (at: number) => number | string = () => 0.25) =>
  `[${Array.from({ length: dimensions }, (_, at) => element(at))}]`

/**
 * Specs of what the checks of tables refuse and what they let through.
 *
 * @param refusals by table; every check that the catalogue knows of these tables must be among them
 * @param nearMisses by table: changes that differ little from those, and pass
 */
export function checks(
  title: string,
  refusals: Record<string, readonly Case[]>,
  nearMisses: Record<string, readonly Row[]>,
): void {
  onEachEngine(title, (engine) => {
    const db = migrated(engine, { packages: ['schema'] })
    let rows: Record<string, Row>
    beforeAll(async () => {
      rows = await fullProject(db.client(), 'athena-pg')
    })

    async function change(table: string, to: Row) {
      const where = table === 'projects' ? 'id' : 'project_id'
      const assignments = Object.keys(to).map((column, at) => `${column} = $${at + 2}`)
      const sql = `UPDATE athena.${table} SET ${assignments} WHERE ${where} = $1 RETURNING *`
      const { rows: changed } = await db.client().query(sql, [rows.projects?.id, ...Object.values(to)])
      expect(changed).not.toEqual([])
      return changed
    }

    const told = (row: Row) => {
      const text = Object.entries(row).map(([column, value]) => `${column} = ${JSON.stringify(value) ?? 'undefined'}`)
      return text.join(', ').replace(/(.{60}).+/, '$1…')
    }

    test.each(
      Object.entries(refusals).flatMap(([table, cases]) => cases.map(([to, by]) => [table, told(to), by, to] as const)),
    )('%s refuses %s: %s', async (table, _, by, to) => {
      const answer = await refused(db.client(), () => change(table, to))
      expect(/^[0-9A-Z]{5}$/.test(by) ? answer?.code : `${answer?.code} ${answer?.constraint}`).toBe(
        /^[0-9A-Z]{5}$/.test(by) ? by : `23514 ${by}`,
      )
    })

    test.each(
      Object.entries(nearMisses).flatMap(([table, cases]) => cases.map((to) => [table, told(to), to] as const)),
    )('%s takes %s', async (table, _, to) => {
      expect(await refused(db.client(), () => change(table, to))).toBeUndefined()
    })

    test('each check of these tables has a case above', async () => {
      const { rows: found } = await db.client().query(
        `SELECT conname::text AS name FROM pg_constraint
          WHERE contype = 'c' AND conrelid = ANY ($1::regclass[]) ORDER BY 1`,
        [Object.keys(refusals).map((table) => `athena.${table}`)],
      )
      const tried = new Set(Object.values(refusals).flatMap((cases) => cases.map(([, by]) => by)))
      expect(found.length).toBeGreaterThan(0)
      expect(found.map(({ name }) => name).filter((name) => !tried.has(name))).toEqual([])
    })
  })
}
