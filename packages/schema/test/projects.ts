import { beforeEach, describe, expect, test } from 'vitest'
import type { Migrated } from './migrated.ts'
import { insert, project, refused } from './rows.ts'

export function projects(db: Migrated): void {
  describe('a project', () => {
    let project_id: string
    beforeEach(async () => {
      project_id = await project(db.client(), 'athena-pg')
    })
    const ask = async (sql: string) => (await db.client().query(sql)).rows

    test('has one settings row at most, beside the one for all projects', async () => {
      const [row] = await ask('SELECT * FROM athena.search_settings WHERE project_id IS NULL')
      expect(row).toMatchObject({
        project_id: null,
        ef_search: 100,
        probes: 10,
        max_scan_tuples: 20000,
        exact_minimum_rows: 1000,
        exact_scan_factor: 14,
        vector_candidates: 200,
        text_candidates: 200,
        recent_candidates: 50,
        semantic_weight: 0.5,
        text_weight: 0.3,
        recency_weight: 0.2,
        recency_decay_per_day: 0.01,
        similarity_threshold: -1,
        rank_fusion: 'weights',
      })
      expect(Object.values(row).filter((value) => value === null)).toHaveLength(1)
      const all = await refused(db.client(), () => insert(db.client(), 'search_settings', { project_id: null }))
      expect(all).toMatchObject({ code: '23505', constraint: 'search_settings_project_key' })
      await insert(db.client(), 'search_settings', { project_id, ef_search: 200 })
      const second = await refused(db.client(), () => insert(db.client(), 'search_settings', { project_id }))
      expect(second?.constraint).toBe('search_settings_project_key')
    })

    test('has a name and a path that no other has', async () => {
      await insert(db.client(), 'projects', { name: 'other', path: '/srv/app' })
      const name = await refused(db.client(), () => project(db.client(), 'athena-pg'))
      expect(name?.constraint).toBe('projects_name_key')
      const path = await refused(db.client(), () =>
        insert(db.client(), 'projects', { name: 'third', path: '/srv/app' }),
      )
      expect(path?.constraint).toBe('projects_path_key')
    })
  })
}
