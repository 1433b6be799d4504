import { beforeAll, expect, test } from 'vitest'
import { onEachEngine } from '../../../test/engines.ts'
import { migrate } from '../../../test/migrating.ts'
import { migrated, only } from '../../schema/test/migrated.ts'
import { explain } from './explain.ts'
import { dimensions, enoughRows, wanted } from './rows.ts'

const mine = 'project_id = $project'
const memories = `SELECT id FROM athena.memories WHERE ${mine}`
const events = `SELECT id FROM athena.episodic_events WHERE ${mine}`
const latest = 'ORDER BY created_at DESC, id DESC LIMIT 20'
// What the planner uses each index for; $project is the large project's id.
const served: [what: string, index: string, sql: string][] = [
  ['nearest neighbours', 'idx_memories_embedding', `${memories} AND indexed ORDER BY embedding <=> ${wanted} LIMIT 10`],
  [
    'what is not in the graph yet',
    'idx_memories_unindexed',
    `SELECT id, embedding <=> ${wanted} AS distance FROM athena.memories WHERE ${mine} AND NOT indexed ORDER BY 2 LIMIT 10`,
  ],
  ['words', 'idx_memories_fts', `${memories} AND fts @@ websearch_to_tsquery('english', 'deadlocks')`],
  [
    'the latest of one type',
    'idx_memories_project_type',
    `${memories} AND memory_type = 'decision' ORDER BY created_at DESC LIMIT 10`,
  ],
  ['the first page', 'idx_memories_created', `${memories} ${latest}`],
  ['the next page', 'idx_memories_created', `${memories} AND (created_at, id) < ('2026-01-02Z', 2000) ${latest}`],
  ['a piece of metadata', 'idx_memories_metadata', `${memories} AND metadata @> '{"source": "file 7"}'`],
  ['all of these tags', 'idx_memories_tags', `${memories} AND tags @> '{tag 7}'`],
  ['any of these tags', 'idx_memories_tags', `${memories} AND tags && '{tag 7,tag 8}'`],
  [
    'a text that is known',
    'idx_memories_content_hash',
    `${memories} AND content_hash = hashtextextended('Note 5: index', 0) AND content = 'Note 5: index'`,
  ],
  ['a session’s memories', 'idx_memories_session', `${memories} AND session_id = 'session 7' ORDER BY created_at`],
  ['a session’s events', 'idx_episodic_events_session', `${events} AND session_id = 'session 7' ORDER BY happened_at`],
  [
    'events of a time',
    'episodic_events_pkey',
    `${events} AND happened_at >= date_trunc('month', now(), 'UTC') AND happened_at < date_trunc('month', now(), 'UTC') + interval '1 hour'`,
  ],
  ['the latest errors', 'idx_episodic_events_kind', `${events} AND kind = 'error' ORDER BY happened_at DESC LIMIT 10`],
  ['what happened to a file', 'idx_episodic_events_context', `${events} AND context @> '{"files": ["src/7.ts"]}'`],
  [
    'what to consolidate next',
    'idx_episodic_events_unconsolidated',
    `${events} AND state = 'unconsolidated' ORDER BY happened_at LIMIT 500`,
  ],
  [
    'the most urgent tasks',
    'idx_tasks_project_status',
    `SELECT id FROM athena.tasks WHERE ${mine} AND status = 'pending' ORDER BY priority DESC LIMIT 10`,
  ],
  [
    'what is due',
    'idx_tasks_due',
    `SELECT id FROM athena.tasks WHERE ${mine} AND status IN ('pending', 'in_progress', 'blocked') ORDER BY due_at LIMIT 10`,
  ],
  [
    'active plans',
    'idx_plans_project_status',
    `SELECT id FROM athena.plans WHERE ${mine} AND status = 'active' ORDER BY priority DESC`,
  ],
  [
    'decisions to validate',
    'idx_decisions_project_status',
    `SELECT id FROM athena.decisions WHERE ${mine} AND status = 'pending' ORDER BY created_at DESC`,
  ],
  [
    'code by name',
    'idx_code_symbols_name',
    `SELECT id FROM athena.code_symbols WHERE ${mine} AND name = 'Store7.method7'`,
  ],
  [
    'code by how its name begins',
    'idx_code_symbols_name',
    `SELECT id FROM athena.code_symbols WHERE ${mine} AND name LIKE 'Store7.%'`,
  ],
  [
    'the same code elsewhere',
    'idx_code_symbols_semantic_hash',
    `SELECT id FROM athena.code_symbols WHERE ${mine} AND semantic_hash = md5('7')`,
  ],
  [
    'code of a file',
    'code_symbols_place_key',
    `SELECT id FROM athena.code_symbols WHERE ${mine} AND file_path = 'src/7.ts'`,
  ],
]

onEachEngine('a query for', (engine) => {
  const db = migrated(engine, { packages: ['schema'], variables: { embedding_dimensions: String(dimensions) } })
  let project: string
  // The rows first: the indexes are then built CONCURRENTLY over them, as in a store in use.
  beforeAll(async () => {
    await db.client().query(enoughRows)
    await migrate(db.database(), only(['schema', 'indices']))
    await db.client().query('ANALYZE athena.memories')
    project = (await db.client().query("SELECT id FROM athena.projects WHERE name = 'project 1'")).rows[0].id
  })
  const plan = (sql: string) => explain(db.client(), sql.replaceAll('$project', project))

  test.each(served)('%s uses %s', async (_, index, sql) => {
    const { indexes, readWhole } = await plan(sql)
    expect({ indexes, readWhole }).toEqual({ indexes: [index], readWhole: [] })
  })

  test.each(served.filter(([, index]) => /created|project_type|events_kind|tasks/.test(index)))(
    '%s takes the order from %s',
    async (_, __, sql) => {
      expect((await plan(sql)).sorts).toBe(false)
    },
  )

  test('anything that an index of the package is for, is above', () => {
    const texts = only(['indices']).flatMap(({ migrations }) => migrations.map(({ text }) => text))
    const made = texts.map((text) => /CREATE INDEX CONCURRENTLY (\w+)/.exec(text)?.[1])
    expect(made.filter((name) => !served.some(([, index]) => index === name))).toEqual([])
  })

  // Near misses: what looks alike does not use the graph.
  test.each([
    ['without AND indexed', `${memories} ORDER BY embedding <=> ${wanted} LIMIT 10`],
    ['with another distance', `${memories} AND indexed ORDER BY embedding <-> ${wanted} LIMIT 10`],
    ['with the farthest first', `${memories} AND indexed ORDER BY embedding <=> ${wanted} DESC LIMIT 10`],
  ])('neighbours %s does not use idx_memories_embedding', async (_, sql) => {
    expect((await plan(sql)).indexes).not.toContain('idx_memories_embedding')
  })

  test('neighbours finds through the graph what an exact search finds', async () => {
    const nearest = async (order: string) => {
      const sql = `${memories} AND indexed ORDER BY ${order} LIMIT 10`.replaceAll('$project', project)
      return (await db.client().query(sql)).rows.map(({ id }) => id)
    }
    await db.client().query('SET LOCAL hnsw.ef_search = 200')
    const found = await nearest(`embedding <=> ${wanted}`)
    const exact = await nearest(`(embedding <=> ${wanted}) + 0`)
    expect(exact).toHaveLength(10)
    expect(found.filter((id) => exact.includes(id)).length).toBeGreaterThanOrEqual(8)
  })
})
