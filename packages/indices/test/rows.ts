/** Dimensions of the embeddings below. */
export const dimensions = 32

/** An embedding that differs from row to row, the same on every engine, as SQL. */
const embedding = `(SELECT array_agg(hashint8(n::bigint * 1000 + d) / 2147483648.0) FROM generate_series(1, ${dimensions}) d)::real[]::halfvec`

/** A project of 3,600 memories beside forty small ones, and what belongs to it: enough for the planner to prefer an index. */
export const enoughRows = `
  INSERT INTO athena.projects (name) SELECT 'project ' || n FROM generate_series(1, 41) n;
  INSERT INTO athena.memories (project_id, created_at, memory_type, content, tags, metadata, session_id, embedding, indexed)
  SELECT CASE WHEN n <= 3600 THEN (SELECT id FROM athena.projects WHERE name = 'project 1')
              ELSE (SELECT id FROM athena.projects WHERE name = 'project ' || 2 + n % 40) END,
         '2026-01-01Z'::timestamptz + n * interval '1 minute',
         (ARRAY['fact', 'fact', 'pattern', 'decision', 'procedure'])[1 + n % 5],
         'Note ' || n || ': ' || (ARRAY['vacuum', 'index', 'lock', 'plan'])[1 + n % 4] || CASE WHEN n % 100 = 0 THEN ' deadlock' ELSE '' END,
         ARRAY['tag ' || n % 200, 'all'], jsonb_build_object('source', 'file ' || n % 200), 'session ' || n % 250, ${embedding}, n % 500 <> 0
    FROM generate_series(1, 4200) n;
  INSERT INTO athena.episodic_events (project_id, happened_at, session_id, kind, content, context, state)
  SELECT p.id, date_trunc('month', now(), 'UTC') + n * interval '1 minute', 'session ' || n % 250,
         CASE WHEN n % 100 = 0 THEN 'error' ELSE 'action' END, 'Event ' || n,
         jsonb_build_object('files', jsonb_build_array('src/' || n % 200 || '.ts')),
         CASE WHEN n % 100 = 0 THEN 'unconsolidated' ELSE 'consolidated' END
    FROM generate_series(1, 4000) n, athena.projects p WHERE p.name = 'project 1';
  INSERT INTO athena.tasks (project_id, title, status, priority, completed_at, due_at)
  SELECT p.id, 'Task ' || n, CASE WHEN n % 50 = 0 THEN 'pending' ELSE 'completed' END, 1 + n % 10, now(), now() + n * interval '1 hour'
    FROM generate_series(1, 3000) n, athena.projects p WHERE p.name = 'project 1';
  INSERT INTO athena.plans (project_id, name, status, priority)
  SELECT p.id, 'Plan ' || n, CASE WHEN n % 50 = 0 THEN 'active' ELSE 'archived' END, 1 + n % 10
    FROM generate_series(1, 3000) n, athena.projects p WHERE p.name = 'project 1';
  INSERT INTO athena.decisions (project_id, kind, title, status, created_at)
  SELECT p.id, 'algorithm', 'Decision ' || n, CASE WHEN n % 50 = 0 THEN 'pending' ELSE 'validated' END, now() - n * interval '1 hour'
    FROM generate_series(1, 3000) n, athena.projects p WHERE p.name = 'project 1';
  INSERT INTO athena.code_symbols (project_id, file_path, kind, name, semantic_hash)
  SELECT p.id, 'src/' || n % 100 || '.ts', 'function', 'Store' || n % 300 || '.method' || n, md5(n::text)
    FROM generate_series(1, 3000) n, athena.projects p WHERE p.name = 'project 1';
  ANALYZE`

/** An embedding to ask for, as SQL. */
export const wanted = `'[${Array.from({ length: dimensions }, (_, d) => Math.sin(17 * 12.9898 + (d + 1) * 78.233).toFixed(4))}]'`
