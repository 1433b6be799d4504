import { beforeEach, describe, expect, test } from 'vitest'
import type { Migrated } from './migrated.ts'
import { insert, project, refused } from './rows.ts'

export function lifecycle(db: Migrated): void {
  describe('a memory', () => {
    let project_id: string
    beforeEach(async () => {
      project_id = await project(db.client(), 'athena-pg')
    })
    const remember = (row = {}) => insert(db.client(), 'memories', { project_id, ...row })
    const ask = async (sql: string, values: unknown[] = []) => (await db.client().query(sql, values)).rows

    test('begins unconsolidated, unindexed, without embedding, in the domain memory', async () => {
      expect(await remember()).toMatchObject({
        state: 'unconsolidated',
        indexed: false,
        embedding: null,
        domain: 'memory',
        content_type: 'semantic',
        confidence: 1,
        version: 1,
        tags: [],
        metadata: {},
        consolidated_at: null,
        consolidation_id: null,
      })
    })

    test('holds the stems of its words, kept by the database when the content changes', async () => {
      const { id } = await remember({ content: 'Deadlocks were detected while indexing partitions' })
      const found = (word: string) =>
        ask(`SELECT id FROM athena.memories WHERE project_id = $1 AND fts @@ websearch_to_tsquery('english', $2)`, [
          project_id,
          word,
        ])
      expect(await found('deadlock partition -vacuum')).toEqual([{ id }])
      expect(await found('were')).toEqual([])
      await ask(`UPDATE athena.memories SET content = 'Vacuum repairs the graph' WHERE id = $1`, [id])
      expect(await found('deadlock')).toEqual([])
      expect(await found('repairing')).toEqual([{ id }])
      const [row] = await ask(
        'SELECT fts = to_tsvector($2::regconfig, content) AS same FROM athena.memories WHERE id = $1',
        [id, 'english'],
      )
      expect(row).toEqual({ same: true })
    })

    test('holds a hash of its content that is the same on every engine and version', async () => {
      const memory = await remember({ content: 'VACUUM costs 5 to 17 ms.' })
      const again = await remember({ content: 'VACUUM costs 5 to 17 ms.' })
      const other = await remember({ content: 'VACUUM costs 5 to 17 ms' })
      expect(memory.content_hash).toBe('-2188626128469305124')
      expect(again.content_hash).toBe(memory.content_hash)
      expect(other.content_hash).not.toBe(memory.content_hash)
      const [row] = await ask(
        `UPDATE athena.memories SET content = 'VACUUM costs 5 to 17 ms' WHERE id = $1 RETURNING content_hash`,
        [memory.id],
      )
      expect(row).toEqual({ content_hash: other.content_hash })
    })

    test.each([
      ['fts', "'vacuum'"],
      ['content_hash', '1'],
    ])('lets nobody write %s', async (column, value) => {
      const sql = `INSERT INTO athena.memories (project_id, memory_type, content, ${column}) VALUES ($1, 'fact', 'x', ${value})`
      expect((await refused(db.client(), () => ask(sql, [project_id])))?.code).toBe('428C9')
    })

    test('goes from unconsolidated to superseded, with a link from what took its place; a second one is refused', async () => {
      const consolidation = await insert(db.client(), 'consolidations', { project_id })
      const { id: old } = await remember()
      await ask(`UPDATE athena.memories SET state = 'consolidating' WHERE id = $1`, [old])
      await ask(
        `UPDATE athena.memories SET state = 'consolidated', consolidated_at = now(), consolidation_id = $2 WHERE id = $1`,
        [old, consolidation.id],
      )
      const link = async (kind: string) => {
        const { id } = await remember()
        await insert(db.client(), 'memory_links', { project_id, from_memory_id: id, to_memory_id: old, kind })
      }
      await link('supersedes')
      await ask(`UPDATE athena.memories SET state = 'superseded' WHERE id = $1`, [old])
      expect(await refused(db.client(), () => link('supersedes'))).toMatchObject({
        code: '23505',
        constraint: 'idx_memory_links_superseded',
      })
      await link('contradicts')
    })

    test('is labile while memory_access says so, with no change to its own row', async () => {
      const { id: memory_id } = await remember({ state: 'consolidated' })
      await insert(db.client(), 'memory_access', {
        project_id,
        memory_id,
        labile_until: new Date(Date.now() + 3_600_000),
      })
      const labile = () =>
        ask(
          `SELECT m.id FROM athena.memories m JOIN athena.memory_access a ON (a.project_id, a.memory_id) = (m.project_id, m.id)
            WHERE m.project_id = $1 AND m.state = 'consolidated' AND a.labile_until > now()`,
          [project_id],
        )
      expect(await labile()).toEqual([{ id: memory_id }])
      await ask(`UPDATE athena.memory_access SET labile_until = now() - interval '1 second' WHERE memory_id = $1`, [
        memory_id,
      ])
      expect(await labile()).toEqual([])
    })

    test('is counted as used by updates that touch no index', async () => {
      const { id: memory_id } = await remember()
      await insert(db.client(), 'memory_access', { project_id, memory_id })
      // Within a transaction the counters include those of the test before, on some engines: the difference counts.
      const counters = () =>
        ask(`SELECT pg_stat_get_xact_tuples_updated(c)::int AS updates, pg_stat_get_xact_tuples_hot_updated(c)::int AS hot
             FROM (VALUES ('athena.memory_access'::regclass)) AS t (c)`)
      const [before] = await counters()
      for (let read = 0; read < 10; read++) {
        await ask(
          'UPDATE athena.memory_access SET access_count = access_count + 1, last_accessed_at = clock_timestamp(), usefulness = .1 * $2 WHERE memory_id = $1',
          [memory_id, read],
        )
      }
      const [after] = await counters()
      expect({ updates: after.updates - before.updates, hot: after.hot - before.hot }).toEqual({ updates: 10, hot: 10 })
    })
  })
}
