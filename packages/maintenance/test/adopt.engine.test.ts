import { catalogue } from '@athena-pg/migrator'
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest'
import { onEachEngine, type TestDatabase } from '../../../test/engines.ts'
import { query, withClient } from '../../../test/migrating.ts'
import type { Verified } from '../src/adopt/index.ts'
import { adopted, adoptStore, installStore, prepareAdoption, rowsOf } from './adopting.ts'
import { formerRows, formerTables } from './former-store.ts'

onEachEngine('adopting a store of the former application', (engine) => {
  vi.setConfig({ testTimeout: 240_000, hookTimeout: 240_000 })
  let db: TestDatabase
  let before: { rows: Record<string, string[]>; catalogue: string }
  let verified: Verified

  const source = async (): Promise<typeof before> => ({
    rows: await rowsOf(db.database, 'old'),
    catalogue: await withClient(db.database, (client) => catalogue(client, ['old'])),
  })
  const ours = (sql: string, values: unknown[] = []) => query(db.database, sql, values)
  /** The row of ours that an old one became. */
  async function became(table: string, oldTable: string, oldId: string): Promise<Record<string, unknown>> {
    const rows = await ours(
      `SELECT t.* FROM athena.${table} t JOIN athena_adoption.ids i ON i.new_id = t.id WHERE i.source_table = $1 AND i.old_id = $2`,
      [oldTable, oldId],
    )
    expect(rows).toHaveLength(1)
    return rows[0] as Record<string, unknown>
  }

  beforeAll(async () => {
    db = await engine.create()
    await installStore(db.database)
    await query(db.database, formerTables('old') + formerRows('old', 300))
    before = await source()
    verified = await adoptStore(db.database)
  })
  afterAll(() => db.drop())

  test('counts and content are equal on both sides, but for rows that our checks refuse', () => {
    expect(
      verified.tables.map(({ source: from, targetRows, rejected, same }) => [from, targetRows, rejected, same]),
    ).toEqual([
      ['projects', 5, 0, true],
      ['consolidation_runs', 20, 0, true],
      ['memory_vectors', 301, 5, true],
      ['episodic_events', 300, 1, true],
      ['prospective_goals', 60, 0, true],
      ['planning_decisions', 30, 0, true],
      ['code_metadata', 50, 0, true],
      ['prospective_tasks', 200, 1, true],
      ['planning_scenarios', 30, 0, true],
      ['memory_relationships', 290, 2, true],
      ['code_dependencies', 45, 0, true],
    ])
    for (const { checksum } of verified.tables) expect(checksum?.source).toBe(checksum?.target)
    expect(verified.tables.find(({ source: from }) => from === 'memory_vectors')?.embeddings).toEqual({
      source: 252,
      target: 252,
    })
  })

  test('the old tables are as they were, rows and catalogue', async () => {
    expect(await source()).toEqual(before)
  })

  test('a memory keeps its text, words in our form, its embedding, and what it knew besides', async () => {
    const memory = await became('memories', 'memory_vectors', '42')
    expect(memory).toMatchObject({
      content: `lines\n\ttabs \\ "quotes" 'single' 42`,
      memory_type: 'code_snippet',
      domain: 'code',
      content_type: 'semantic',
      state: 'consolidated',
      event_kind: 'learning',
      language: 'python',
      tags: ['a,b', 'say "hi"', '{x}', 'tag 42'],
      version: 1,
      embedding: '[42,2.6660156,-1]',
      metadata: { code_hash: 'hash42' },
    })
    expect(memory.confidence).toBeCloseTo(0.8)
    const [access] = await ours('SELECT * FROM athena.memory_access WHERE memory_id = $1', [memory.id])
    expect(access).toMatchObject({ access_count: '42', usefulness: 0.42 })
    expect((await became('memories', 'memory_vectors', '40')).content).toBe('Ünïcode 记忆 🧠 40')
    expect((await became('memories', 'memory_vectors', '5000000000')).content).toBe('large '.repeat(40000))
  })

  test('nothing is said of use where there was none; empty texts and embeddings of zeros are null', async () => {
    const never = await became('memories', 'memory_vectors', '300')
    expect(await ours('SELECT FROM athena.memory_access WHERE memory_id = $1', [never.id])).toEqual([])
    expect((await became('memories', 'memory_vectors', '1')).session_id).toBeNull()
    expect((await became('memories', 'memory_vectors', '13')).embedding).toBeNull()
  })

  test('times without zone are read in the zone that was named, to the microsecond, through both changes of the clock', async () => {
    const rows = await ours(
      `SELECT count(*)::int AS n FROM athena.memories t JOIN athena_adoption.ids i ON i.source_table = 'memory_vectors' AND i.new_id = t.id
         JOIN old.memory_vectors o ON o.id::text = i.old_id
        WHERE t.created_at = o.created_at AT TIME ZONE 'Europe/Berlin' AND t.updated_at = o.updated_at AT TIME ZONE 'Europe/Berlin'`,
    )
    expect(rows).toEqual([{ n: 301 }])
    const [first] = await ours(
      `SELECT (t.created_at AT TIME ZONE 'UTC')::text AS created FROM athena.memories t JOIN athena_adoption.ids i ON i.new_id = t.id
        WHERE i.source_table = 'memory_vectors' AND i.old_id = '1'`,
    )
    // Summer time still, two hours ahead of UTC.
    expect(first).toEqual({ created: '2025-10-25 22:07:00.000001' })
  })

  test('an event has its time from milliseconds, in a month that was made for it, and its context as JSON', async () => {
    const event = await became('episodic_events', 'episodic_events', '4')
    expect(event).toMatchObject({
      happened_at: new Date(1735689600123 + 4 * 45000000),
      kind: 'error',
      state: 'consolidated',
      context: { working_directory: '/home/ada', files: ['a.py', 'b, "c".py'], branch: 'fix/4' },
      learned: 'ö',
      embedding: '[1,2,3]',
    })
    const [row] = await ours('SELECT duration::text AS duration FROM athena.episodic_events WHERE id = $1', [event.id])
    expect(row).toEqual({ duration: '00:00:00.04' })
  })

  test('references follow the rows: parents in circles, arrays as links, what superseded what', async () => {
    const goal = await became('plans', 'prospective_goals', '1')
    const parent = await became('plans', 'prospective_goals', '6')
    expect(goal.parent_id).toBe(parent.id)
    expect(parent.parent_id).toBe(goal.id)
    const linked = await ours(
      `SELECT i.old_id FROM athena.plan_memories l JOIN athena_adoption.ids i ON i.source_table = 'memory_vectors' AND i.new_id = l.memory_id
        WHERE l.plan_id = $1 ORDER BY i.old_id`,
      [goal.id],
    )
    expect(linked).toEqual([{ old_id: '1' }, { old_id: '6' }])
    const [superseding] = await ours(
      `SELECT f.old_id AS "from" FROM athena.memory_links l JOIN athena_adoption.ids t ON t.source_table = 'memory_vectors' AND t.new_id = l.to_memory_id
         JOIN athena_adoption.ids f ON f.source_table = 'memory_vectors' AND f.new_id = l.from_memory_id
        WHERE l.kind = 'supersedes' AND t.old_id = '20'`,
    )
    expect(superseding).toEqual({ from: '50' })
    expect((await became('memories', 'memory_vectors', '20')).state).toBe('superseded')
    expect((await became('memories', 'memory_vectors', '50')).state).toBe('unconsolidated')
    expect(await became('decisions', 'planning_decisions', '3')).toMatchObject({
      status: 'superseded',
      superseded_by: (await became('decisions', 'planning_decisions', '8')).id,
    })
    const events = await ours(`SELECT count(*)::int AS n FROM athena.memory_events e JOIN athena.episodic_events v
      ON (v.project_id, v.happened_at, v.id) = (e.project_id, e.happened_at, e.event_id)`)
    expect(events).toEqual([{ n: 100 }])
  })

  test('what was completed without a time has the last one that is known', async () => {
    expect((await became('plans', 'prospective_goals', '1')).completed_at).toEqual(
      (await became('plans', 'prospective_goals', '1')).created_at,
    )
    expect((await became('plans', 'prospective_goals', '4')).completed_at).toBeNull()
  })

  test('rows that are refused are listed with the reason, and so are ids of nothing', async () => {
    const rejected = await ours(
      'SELECT unit, old_id, code, reason FROM athena_adoption.rejects WHERE is_row ORDER BY unit, old_id::bigint',
    )
    expect(rejected.map(({ unit, old_id, reason }) => [unit, old_id, reason])).toEqual([
      ['episodic_events', '301', expect.stringContaining('1970-01-21')],
      ['memory_relationships', '291', 'to_memory_id 123456 is not there'],
      ['memory_relationships', '292', 'to_memory_id 6 belongs to another project'],
      ['memory_vectors', '301', expect.stringContaining('memories_content_size')],
      ['memory_vectors', '302', 'project_id 99 is not there'],
      ['memory_vectors', '303', expect.stringContaining('memories_confidence_range')],
      ['memory_vectors', '304', expect.stringContaining('memories_memory_type_format')],
      ['memory_vectors', '305', expect.stringContaining('memories_content_size')],
      ['prospective_tasks', '201', expect.stringContaining('tasks_status_known')],
    ])
    const dead = await ours(
      "SELECT reason FROM athena_adoption.rejects WHERE unit = 'prospective_tasks' AND NOT is_row AND old_id = '7'",
    )
    expect(dead).toEqual([{ reason: 'goal_id 4242 is not there' }])
  })

  describe('run again', () => {
    test('it does nothing when nothing was added', async () => {
      const all = await rowsOf(db.database, 'athena')
      expect(await adoptStore(db.database)).toEqual(verified)
      expect(await rowsOf(db.database, 'athena')).toEqual(all)
    })

    test('it takes the rows that were added, and their references', async () => {
      await ours(
        `INSERT INTO old.memory_vectors (id, project_id, content, memory_type, superseded_by) VALUES (5000000001, 3, 'added since', 'fact', 5000000000)`,
      )
      await ours(
        `INSERT INTO old.prospective_goals (project_id, name, parent_goal_id, related_memory_ids) VALUES (3, 'added goal', 2, '{5000000001}')`,
      )
      const again = await adoptStore(db.database)
      expect(again.tables.every(({ same }) => same)).toBe(true)
      const added = await became('memories', 'memory_vectors', '5000000001')
      const linked = await ours(
        'SELECT p.name FROM athena.plan_memories l JOIN athena.plans p ON p.id = l.plan_id WHERE l.memory_id = $1',
        [added.id],
      )
      expect(linked).toEqual([{ name: 'added goal' }])
      expect(
        await ours('SELECT count(*)::int AS n FROM athena.memory_links WHERE to_memory_id = $1', [added.id]),
      ).toEqual([{ n: 1 }])
    })

    test('rows that changed in the source are noticed, not followed', async () => {
      await ours(`UPDATE old.memory_vectors SET content = 'changed since' WHERE id = 4`)
      const again = await adoptStore(db.database)
      expect(again.tables.filter(({ same }) => !same).map(({ source: from }) => from)).toEqual(['memory_vectors'])
      await ours(`UPDATE old.memory_vectors SET content = 'Deploys happen on day 4' WHERE id = 4`)
    })
  })

  test('asking writes nothing', async () => {
    const all = await rowsOf(db.database, 'athena')
    const ledger = await rowsOf(db.database, 'athena_adoption')
    const { survey, leftTables, left } = await prepareAdoption(db.database)
    expect(survey.tables.every((table) => table.left === 0)).toBe(true)
    expect(survey.words).toContainEqual({
      column: 'memory_vectors.domain',
      found: 'code-analysis',
      becomes: 'code',
      rows: 100,
    })
    expect(leftTables).toEqual(['working_memory'])
    expect(left).toContain('memory_vectors.quality_score')
    expect(await rowsOf(db.database, 'athena')).toEqual(all)
    expect(await rowsOf(db.database, 'athena_adoption')).toEqual(ledger)
  })

  test('the size of batches makes no difference', async () => {
    const inHundreds = await adopted(db.database)
    const other = await engine.create()
    try {
      await installStore(other.database)
      await query(other.database, formerTables('old') + formerRows('old', 300))
      await query(
        other.database,
        `INSERT INTO old.memory_vectors (id, project_id, content, memory_type, superseded_by) VALUES (5000000001, 3, 'added since', 'fact', 5000000000)`,
      )
      await query(
        other.database,
        `INSERT INTO old.prospective_goals (project_id, name, parent_goal_id, related_memory_ids) VALUES (3, 'added goal', 2, '{5000000001}')`,
      )
      await adoptStore(other.database, { batch: 29 })
      expect(await adopted(other.database)).toEqual(inHundreds)
    } finally {
      await other.drop()
    }
  })
})
