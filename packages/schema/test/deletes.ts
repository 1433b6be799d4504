import { beforeEach, describe, expect, test } from 'vitest'
import type { Migrated } from './migrated.ts'
import { fullProject, type Row, refused, tables } from './rows.ts'

export function deletes(db: Migrated): void {
  describe('a DELETE', () => {
    let rows: Record<string, Row>
    beforeEach(async () => {
      rows = await fullProject(db.client(), 'to be deleted')
      await fullProject(db.client(), 'bystander')
    })

    const remove = (table: string, id = rows[table]?.id) =>
      db
        .client()
        .query(
          `DELETE FROM athena.${table} WHERE ${table === 'projects' ? '' : `project_id = ${rows.projects?.id} AND `}id = $1`,
          [id],
        )

    /** Rows of each table in this project, or in all others. */
    async function counts(ours = true): Promise<Record<string, number>> {
      const found: Record<string, number> = {}
      for (const table of tables) {
        const column = table === 'projects' ? 'id' : 'project_id'
        const { rows: counted } = await db
          .client()
          .query(`SELECT count(*)::int AS n FROM athena.${table} WHERE (${column} = $1) = $2`, [
            rows.projects?.id,
            ours,
          ])
        found[table] = counted[0].n
      }
      return found
    }

    async function gone(work: () => Promise<unknown>): Promise<Record<string, number>> {
      const [before, others] = [await counts(), await counts(false)]
      await work()
      const after = await counts()
      expect(await counts(false)).toEqual(others)
      return Object.fromEntries(
        tables.map((table) => [table, (before[table] ?? 0) - (after[table] ?? 0)]).filter(([, n]) => n !== 0),
      )
    }

    test.each<[string, Record<string, number>]>([
      [
        'memories',
        {
          memories: 1,
          memory_access: 1,
          memory_links: 1,
          memory_events: 1,
          plan_memories: 1,
          task_memories: 1,
          decision_memories: 1,
          code_symbol_memories: 1,
        },
      ],
      ['episodic_events', { episodic_events: 1 }],
      ['tasks', { tasks: 1, task_memories: 1, task_code_symbols: 1 }],
      ['decisions', { decisions: 1, scenarios: 1, decision_memories: 1 }],
      ['scenarios', { scenarios: 1 }],
      ['code_symbols', { code_symbols: 1, code_links: 1, task_code_symbols: 1, code_symbol_memories: 1 }],
      ['search_settings', { search_settings: 1 }],
    ])('of one of %s takes along what hangs on it, and nothing of another project', async (table, expected) => {
      expect(await gone(() => remove(table))).toEqual(expected)
    })

    test('of the memory that a link points to takes the link along', async () => {
      expect(await gone(() => remove('memories', rows.memory_links?.to_memory_id))).toEqual({
        memories: 1,
        memory_links: 1,
      })
    })

    test.each([
      ['projects', undefined, /^(memories|episodic_events)_project_fkey$/],
      ['consolidations', undefined, /^(memories|episodic_events)_consolidation_fkey$/],
      ['plans', undefined, /^(tasks|decisions)_plan_fkey$/],
      ['plans', 'parent_id', /^plans_parent_fkey$/],
      ['tasks', 'parent_id', /^tasks_parent_fkey$/],
      ['decisions', 'superseded_by', /^decisions_superseded_by_fkey$/],
    ])('of one of %s that others point to (%s) is refused', async (table, reference, constraint) => {
      const id = reference === undefined ? rows[table]?.id : rows[table]?.[reference]
      const answer = await refused(db.client(), () => remove(table, id))
      expect(answer).toMatchObject({ code: '23503', constraint: expect.stringMatching(constraint) })
    })

    test('of a project is refused while it has an event, although no memory is left', async () => {
      await db.client().query('DELETE FROM athena.memories WHERE project_id = $1', [rows.projects?.id])
      const answer = await refused(db.client(), () => remove('projects'))
      expect(answer?.constraint).toBe('episodic_events_project_fkey')
    })

    test('of a project without memories and events takes everything along', async () => {
      for (const table of ['memories', 'episodic_events']) {
        await db.client().query(`DELETE FROM athena.${table} WHERE project_id = $1`, [rows.projects?.id])
      }
      const before = await counts()
      expect(await gone(() => remove('projects'))).toEqual(
        Object.fromEntries(Object.entries(before).filter(([, n]) => n > 0)),
      )
      expect(Object.values(await counts()).every((n) => n === 0)).toBe(true)
    })

    test('of the rows of one project leaves the settings for all projects', async () => {
      const { rows: settings } = await db
        .client()
        .query('SELECT project_id FROM athena.search_settings WHERE project_id IS NULL')
      expect(settings).toHaveLength(1)
    })
  })
}
