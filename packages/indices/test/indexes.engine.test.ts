import { expect, test } from 'vitest'
import { onEachEngine } from '../../../test/engines.ts'
import { migrated } from '../../schema/test/migrated.ts'
import { insert, project } from '../../schema/test/rows.ts'

// The guide's section 1, index by index, and what stands for it here.
const guide: [theirs: string, ours: string, definition: string][] = [
  [
    'idx_memories_embedding: ivfflat (embedding vector_cosine_ops)',
    'idx_memories_embedding',
    "USING hnsw (embedding halfvec_cosine_ops) WITH (m='16', ef_construction='64') WHERE indexed",
  ],
  ['idx_memories_fts: gin (fts_content)', 'idx_memories_fts', 'USING gin (fts)'],
  [
    'idx_memories_project_type (project_id, memory_type)',
    'idx_memories_project_type',
    'USING btree (project_id, memory_type, created_at DESC)',
  ],
  [
    'idx_memories_created (created_at DESC)',
    'idx_memories_created',
    'USING btree (project_id, created_at DESC, id DESC)',
  ],
  [
    'idx_tasks_project_status (project_id, status, priority DESC)',
    'idx_tasks_project_status',
    'USING btree (project_id, status, priority DESC)',
  ],
  [
    'idx_memories_embedding_hnsw: hnsw (m = 16, ef_construction = 64)',
    'idx_memories_embedding',
    "WITH (m='16', ef_construction='64')",
  ],
  [
    'idx_memories_fts_ranked (project_id, rank DESC), of a view that ranks each text by itself',
    'idx_memories_fts',
    'USING gin (fts)',
  ],
]

onEachEngine('the indexes', (engine) => {
  const db = migrated(engine, { packages: ['schema', 'indices'] })
  const ask = async (sql: string, values: unknown[] = []) => (await db.client().query(sql, values)).rows

  test.each(guide)('have a counterpart of the guide’s %s', async (_, ours, definition) => {
    const [row] = await ask(`SELECT pg_get_indexdef(to_regclass($1)) AS definition`, [`athena.${ours}`])
    expect(row.definition).toContain(definition)
  })

  test('are valid, ready and live, every one', async () => {
    const broken = `SELECT indexrelid::regclass::text AS name FROM pg_index JOIN pg_class c ON c.oid = indrelid
      WHERE relnamespace = 'athena'::regnamespace AND NOT (indisvalid AND indisready AND indislive)`
    expect(await ask(broken)).toEqual([])
    await ask('CREATE INDEX left_behind ON ONLY athena.memories (language)')
    expect(await ask(broken)).toEqual([{ name: 'athena.left_behind' }])
  })

  test('of a partitioned table are on each of its partitions, attached, and partitions have no other', async () => {
    const rows = await ask(
      `SELECT t.relname AS table, i.relname AS index, (SELECT count(*)::int FROM pg_inherits WHERE inhparent = i.oid) AS attached
         FROM pg_index x JOIN pg_class t ON t.oid = x.indrelid JOIN pg_class i ON i.oid = x.indexrelid
        WHERE t.relnamespace = 'athena'::regnamespace AND t.relkind = 'p' ORDER BY 1, 2`,
    )
    const partitions: Record<string, number> = { memories: 8, episodic_events: 14 }
    expect(rows.map(({ table, attached }) => [table, attached])).toEqual(
      rows.map(({ table }) => [table, partitions[table]]),
    )
    expect(rows.map(({ index }) => index)).toEqual([
      'episodic_events_pkey',
      'idx_episodic_events_consolidation',
      'idx_episodic_events_context',
      'idx_episodic_events_kind',
      'idx_episodic_events_session',
      'idx_episodic_events_unconsolidated',
      'idx_memories_consolidation',
      'idx_memories_content_hash',
      'idx_memories_created',
      'idx_memories_embedding',
      'idx_memories_fts',
      'idx_memories_metadata',
      'idx_memories_project_type',
      'idx_memories_session',
      'idx_memories_tags',
      'idx_memories_unindexed',
      'memories_pkey',
    ])
    expect(
      await ask(`SELECT indexrelid::regclass FROM pg_index JOIN pg_class c ON c.oid = indrelid
        WHERE relnamespace = 'athena'::regnamespace AND c.relispartition AND NOT EXISTS (SELECT FROM pg_inherits WHERE inhrelid = indexrelid)`),
    ).toEqual([])
  })

  test('have the options of the vector index on each partition', async () => {
    const rows = await ask(
      `SELECT DISTINCT c.reloptions, am.amname FROM pg_inherits JOIN pg_class c ON c.oid = inhrelid JOIN pg_am am ON am.oid = c.relam
        WHERE inhparent = 'athena.idx_memories_embedding'::regclass`,
    )
    expect(rows).toEqual([{ reloptions: ['m=16', 'ef_construction=64'], amname: 'hnsw' }])
  })

  test('come with a new partition by themselves', async () => {
    await ask(
      `CREATE TABLE athena.episodic_events_2040_01 PARTITION OF athena.episodic_events FOR VALUES FROM ('2040-01-01Z') TO ('2040-02-01Z')`,
    )
    const [row] = await ask(
      `SELECT count(*)::int AS n FROM pg_index WHERE indrelid = 'athena.episodic_events_2040_01'::regclass AND indisvalid`,
    )
    expect(row).toEqual({ n: 6 })
  })

  test('are no two the same, and none is the beginning of another', async () => {
    const rows = await ask(
      `SELECT a.indexrelid::regclass::text AS shorter, b.indexrelid::regclass::text AS longer FROM pg_index a JOIN pg_index b ON a.indrelid = b.indrelid AND a.indexrelid <> b.indexrelid
         JOIN pg_class t ON t.oid = a.indrelid JOIN pg_class ia ON ia.oid = a.indexrelid JOIN pg_class ib ON ib.oid = b.indexrelid
        WHERE t.relnamespace = 'athena'::regnamespace AND NOT t.relispartition AND ia.relam = ib.relam AND NOT a.indisunique
          AND a.indpred IS NULL AND b.indpred IS NULL AND a.indclass::text = left(b.indclass::text, length(a.indclass::text))
          AND b.indkey::text || ' ' LIKE a.indkey::text || ' %'`,
    )
    expect(rows).toEqual([])
  })

  test('are not touched when a memory’s state changes', async () => {
    const project_id = await project(db.client(), 'athena-pg')
    const { id } = await insert(db.client(), 'memories', { project_id })
    const partition = (await ask('SELECT tableoid FROM athena.memories WHERE id = $1', [id]))[0].tableoid
    const counters = async () =>
      (
        await ask(
          'SELECT pg_stat_get_xact_tuples_updated($1)::int AS updates, pg_stat_get_xact_tuples_hot_updated($1)::int AS hot',
          [partition],
        )
      )[0]
    const before = await counters()
    for (const state of ['consolidating', 'consolidated'])
      await ask('UPDATE athena.memories SET state = $1 WHERE id = $2', [state, id])
    const after = await counters()
    expect({ updates: after.updates - before.updates, hot: after.hot - before.hot }).toEqual({ updates: 2, hot: 2 })
  })
})
