import { beforeEach, describe, expect, test } from 'vitest'
import { former } from './former-rows.ts'
import type { Migrated } from './migrated.ts'
import { insert, type Row } from './rows.ts'

export function formerApplication(db: Migrated): void {
  describe('a full row of the former application’s table is kept whole:', () => {
    let project_id: unknown

    /** Writes a row and looks whether what was written is there. */
    async function store(table: string, row: Row, references: Row = {}): Promise<Row> {
      const whole = { ...(table === 'projects' ? {} : { project_id }), ...row, ...references }
      const written = await insert(db.client(), table, whole)
      const same = Object.keys(whole).map((column, at) => `${column} = $${at + 1}`)
      const sql = `SELECT count(*)::int AS n FROM athena.${table} WHERE ${same.join(' AND ')}`
      const { rows } = await db.client().query(sql, Object.values(whole))
      expect(rows[0].n, `${table} ${JSON.stringify(written)}`).toBeGreaterThan(0)
      return written
    }
    beforeEach(async () => {
      project_id = (await store('projects', former.project)).id
    })

    test('memory_vectors, with use, quality and what superseded it', async () => {
      const { id: memory_id } = await store('memories', former.memory)
      const { id: successor } = await store('memories', { ...former.memory, state: 'consolidated', version: 4 })
      await store('memory_access', former.access, { memory_id })
      await store('memory_links', { from_memory_id: successor, to_memory_id: memory_id, kind: 'supersedes' })
      const { rows } = await db.client().query(
        `SELECT .5 * usefulness + .3 * confidence + .2 * least(access_count / 100.0, 1) AS quality, l.from_memory_id AS superseded_by
         FROM athena.memories m JOIN athena.memory_access a ON (a.project_id, a.memory_id) = (m.project_id, m.id)
         JOIN athena.memory_links l ON (l.project_id, l.to_memory_id) = (m.project_id, m.id) AND l.kind = 'supersedes'
        WHERE m.project_id = $1`,
        [project_id],
      )
      expect(rows).toEqual([{ quality: expect.closeTo(0.89, 10), superseded_by: successor }])
    })

    test('memory_relationships', async () => {
      const { id: from_memory_id } = await store('memories', former.memory)
      const { id: to_memory_id } = await store('memories', former.memory)
      const between = { from_memory_id, to_memory_id, created_at: '2025-11-03T09:00:00Z' }
      for (const kind of ['reinforces', 'contradicts', 'extends', 'depends_on', 'caused_by']) {
        await store('memory_links', { kind, strength: 0.4 }, between)
      }
    })

    test('episodic_events, with the memory that was made of one', async () => {
      const { id: consolidation_id } = await store('consolidations', former.run)
      const event = await store('episodic_events', former.event, { consolidation_id })
      const { id: memory_id } = await store('memories', former.memory, { consolidation_id })
      // As text: JavaScript's times end at milliseconds, PostgreSQL's at microseconds.
      const { rows } = await db.client().query(
        `INSERT INTO athena.memory_events (project_id, memory_id, happened_at, event_id)
       SELECT project_id, $1, happened_at, id FROM athena.episodic_events WHERE id = $2 RETURNING event_id`,
        [memory_id, event.id],
      )
      expect(rows).toEqual([{ event_id: event.id }])
    })

    test('prospective_goals, prospective_tasks', async () => {
      const { id: memory_id } = await store('memories', former.memory)
      const { id: parent_id } = await store('plans', former.goal)
      const { id: plan_id } = await store('plans', former.goal, { parent_id })
      await store('plan_memories', { plan_id, memory_id })
      const { id: story } = await store('tasks', former.task, { plan_id })
      const { id: task_id } = await store('tasks', former.task, { plan_id, parent_id: story })
      const { id: code_symbol_id } = await store('code_symbols', former.symbol)
      await store('task_memories', { task_id, memory_id })
      await store('task_code_symbols', { task_id, code_symbol_id })
    })

    test('planning_decisions, planning_scenarios', async () => {
      const { id: memory_id } = await store('memories', former.memory)
      const { id: superseded_by } = await store('decisions', former.decision)
      const { id: decision_id } = await store(
        'decisions',
        { ...former.decision, status: 'superseded' },
        { superseded_by },
      )
      await store('decision_memories', { decision_id, memory_id })
      await store('scenarios', former.scenario, { decision_id })
    })

    test('code_metadata, code_dependencies', async () => {
      const { id: memory_id } = await store('memories', former.memory)
      const { id: from_symbol_id } = await store('code_symbols', former.symbol)
      const { id: overload } = await store('code_symbols', { ...former.symbol, ordinal: 2 })
      await store('code_links', { from_symbol_id, to_symbol_id: overload, kind: 'calls', strength: 2.5 })
      await store('code_links', { from_symbol_id, to_symbol_id: from_symbol_id, kind: 'calls' })
      await store('code_symbol_memories', { code_symbol_id: from_symbol_id, memory_id })
    })
  })
}
