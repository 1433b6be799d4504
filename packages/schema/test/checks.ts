import { beforeAll, describe, expect, test } from 'vitest'
import { isColumn } from './cases.ts'
import { memoryCases } from './cases-memories.ts'
import { planningCases } from './cases-planning.ts'
import { projectCases } from './cases-projects.ts'
import type { Migrated } from './migrated.ts'
import { fullProject, type Row, refused } from './rows.ts'

const all = [projectCases, memoryCases, planningCases]
const refusals = all.flatMap((cases) => Object.entries(cases.refusals))
const nearMisses = all.flatMap((cases) => Object.entries(cases.nearMisses))

function told(row: Row): string {
  const text = Object.entries(row).map(([column, value]) => `${column} = ${JSON.stringify(value)}`)
  return text.join(', ').replace(/^(.{60}).+/, '$1…')
}

export function checks(db: Migrated): void {
  describe('the checks of tables', () => {
    let rows: Record<string, Row>
    beforeAll(async () => {
      rows = await fullProject(db.client(), 'checked')
    })

    async function change(table: string, to: Row): Promise<void> {
      const where = table === 'projects' ? 'id' : 'project_id'
      const values: unknown[] = [rows.projects?.id]
      const assignments = Object.entries(to).map(
        ([column, value]) => `${column} = ${isColumn(value) ? value.sameAs : `$${values.push(value)}`}`,
      )
      const { rowCount } = await db
        .client()
        .query(`UPDATE athena.${table} SET ${assignments} WHERE ${where} = $1`, values)
      if (rowCount === 0) throw new Error('no row to change')
    }

    test.each(refusals.flatMap(([table, cases]) => cases.map(([to, by]) => ({ table, to, by, told: told(to) }))))(
      'refuse $table with $told: $by',
      async ({ table, to, by }) => {
        const answer = await refused(db.client(), () => change(table, to))
        if (/^[0-9A-Z]{5}$/.test(by)) expect(answer?.code).toBe(by)
        else expect(answer).toMatchObject({ code: '23514', constraint: by })
      },
    )

    test.each(nearMisses.flatMap(([table, cases]) => cases.map((to) => ({ table, to, told: told(to) }))))(
      'pass $table with $told',
      async ({ table, to }) => {
        expect(await refused(db.client(), () => change(table, to))).toBeUndefined()
      },
    )

    test('have a case above, each one that the catalogue knows', async () => {
      const { rows: found } = await db.client().query(
        `SELECT conname::text AS name FROM pg_constraint
        WHERE contype = 'c' AND connamespace = 'athena'::regnamespace AND conislocal ORDER BY 1`,
      )
      const tried = new Set(refusals.flatMap(([, cases]) => cases.map(([, by]) => by)))
      expect(found.length).toBeGreaterThan(60)
      expect(found.map(({ name }) => name).filter((name) => !tried.has(name))).toEqual([])
    })
  })
}
