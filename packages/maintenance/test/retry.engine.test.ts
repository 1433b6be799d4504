import { afterAll, beforeAll, expect, test, vi } from 'vitest'
import { onEachEngine, type TestDatabase } from '../../../test/engines.ts'
import { query } from '../../../test/migrating.ts'
import { refusal } from '../../../test/refusals.ts'
import type { Mapping } from '../src/adopt/index.ts'
import { adoptStore, installStore, rowsOf } from './adopting.ts'

onEachEngine('what was rejected is tried again', (engine) => {
  vi.setConfig({ testTimeout: 240_000, hookTimeout: 240_000 })
  let db: TestDatabase
  beforeAll(async () => {
    db = await engine.create()
    await installStore(db.database)
    await query(
      db.database,
      `CREATE SCHEMA old; SET search_path TO old;
       CREATE TABLE projects (id serial PRIMARY KEY, name text);
       CREATE TABLE goals (id serial PRIMARY KEY, project_id int, name text, status text, parent_goal_id int, related_memory_ids int[]);
       CREATE TABLE memories (id serial PRIMARY KEY, project_id int, content text, confidence float, memory_type text);
       CREATE TABLE tasks (id serial PRIMARY KEY, project_id int, title text, status text, goal_id int);
       INSERT INTO projects (name) VALUES ('one'), ('');
       INSERT INTO memories (project_id, content, confidence, memory_type) VALUES (1, 'sure', 1, 'fact'), (1, 'too sure', 100, 'fact'), (2, 'of two', 1, 'fact');
       INSERT INTO goals (project_id, name, status, parent_goal_id, related_memory_ids)
         VALUES (1, 'odd', 'on hold', 2, '{1,2}'), (1, 'below it', 'active', 1, '{2}'), (1, 'never', 'no such', NULL, NULL);
       INSERT INTO tasks (project_id, title, status, goal_id) VALUES (1, 'for it', 'pending', 1);
       RESET search_path`,
    )
  })
  afterAll(() => db.drop())

  const status = (words: Record<string, string>) => ({ to: 'status', as: 'word' as const, words })
  const mapping = (words: Record<string, string>): Mapping => ({
    tables: {
      projects: { to: 'projects', columns: { name: 'name' } },
      memories: {
        to: 'memories',
        columns: { project_id: 'project_id', content: 'content', confidence: 'confidence', memory_type: 'memory_type' },
      },
      goals: {
        to: 'plans',
        columns: {
          project_id: 'project_id',
          name: 'name',
          status: status(words),
          parent_goal_id: 'parent_id',
          related_memory_ids: 'plan_memories',
        },
      },
      tasks: {
        to: 'tasks',
        columns: { project_id: 'project_id', title: 'title', status: 'status', goal_id: 'plan_id' },
      },
    },
  })
  const adopting = (words: Record<string, string>, retry: boolean) =>
    adoptStore(db.database, { mapping: mapping(words), timeZone: undefined, retry, batch: 2 })
  const counts = ({ tables }: Awaited<ReturnType<typeof adoptStore>>) =>
    tables.map(({ source, targetRows, rejected, deadReferences, same }) => [
      source,
      targetRows,
      rejected,
      deadReferences,
      same,
    ])

  test('mended in the source or in the mapping they are taken, with all that refers to them', async () => {
    expect(counts(await adopting({}, false))).toEqual([
      ['projects', 1, 1, 0, true],
      ['memories', 1, 2, 0, true],
      ['goals', 1, 2, 0, true],
      ['tasks', 1, 0, 1, true],
    ])
    await query(
      db.database,
      "UPDATE old.projects SET name = 'two' WHERE id = 2; UPDATE old.memories SET confidence = 1 WHERE id = 2",
    )
    const words = { on_hold: 'paused' }
    expect(await refusal(() => adopting(words, false))).toMatchObject({ code: 'mapping_changed' })
    const again = await adopting(words, true)
    expect(counts(again)).toEqual([
      ['projects', 2, 0, 0, true],
      ['memories', 3, 0, 0, true],
      ['goals', 2, 1, 0, true],
      ['tasks', 1, 0, 0, true],
    ])
    expect(again.links).toEqual([
      { source: 'goals.parent_goal_id', target: 'plans.parent_id', written: 2, dead: 0 },
      { source: 'goals.related_memory_ids', target: 'plan_memories', written: 3, dead: 0 },
    ])
    const plans = await query(
      db.database,
      `SELECT p.name, p.status, o.name AS parent, (SELECT count(*)::int FROM athena.plan_memories m WHERE m.plan_id = p.id) AS memories,
              (SELECT t.title FROM athena.tasks t WHERE t.plan_id = p.id) AS task
         FROM athena.plans p JOIN athena.plans o ON o.id = p.parent_id ORDER BY p.name`,
    )
    expect(plans).toEqual([
      { name: 'below it', status: 'active', parent: 'odd', memories: 1, task: null },
      { name: 'odd', status: 'paused', parent: 'below it', memories: 2, task: 'for it' },
    ])
  })

  test('again and again they change nothing; the mapping that was accepted is the mapping', async () => {
    const words = { on_hold: 'paused' }
    const before = await rowsOf(db.database, 'athena')
    const first = await adopting(words, true)
    expect(await adopting(words, false)).toEqual(first)
    expect(await rowsOf(db.database, 'athena')).toEqual(before)
  })
})
