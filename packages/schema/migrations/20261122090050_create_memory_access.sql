-- Why: what changes at each retrieval, away from the wide, indexed rows of memories. No index but the key and a fifth of
-- each page left free, so that these updates are HOT: they touch no index at all.
-- Lock: SHARE ROW EXCLUSIVE on memories (a new foreign key): waits for open writers and stops new ones until done. 10 ms.
-- Up Migration
CREATE TABLE athena.memory_access (
  project_id bigint NOT NULL,
  memory_id bigint NOT NULL,
  access_count bigint NOT NULL DEFAULT 0,
  last_accessed_at timestamptz,
  labile_until timestamptz,
  usefulness double precision NOT NULL DEFAULT 0,
  CONSTRAINT memory_access_pkey PRIMARY KEY (project_id, memory_id),
  CONSTRAINT memory_access_memory_fkey FOREIGN KEY (project_id, memory_id) REFERENCES athena.memories (project_id, id) ON DELETE CASCADE,
  CONSTRAINT memory_access_access_count_range CHECK (access_count >= 0),
  CONSTRAINT memory_access_usefulness_range CHECK (usefulness BETWEEN 0 AND 1)
)
WITH
  (fillfactor = 80);

COMMENT ON TABLE athena.memory_access IS 'How a memory has been used: a row from its first retrieval on; none means never. Quality, computed by queries since its terms are in two tables: .5 usefulness + .3 memories.confidence + .2 least(access_count / 100, 1).';

COMMENT ON COLUMN athena.memory_access.project_id IS 'Project of the memory.';

COMMENT ON COLUMN athena.memory_access.memory_id IS 'The memory; goes with it.';

COMMENT ON COLUMN athena.memory_access.access_count IS 'Retrievals so far; written by the client, in batches.';

COMMENT ON COLUMN athena.memory_access.last_accessed_at IS 'Latest retrieval; written by the client.';

COMMENT ON COLUMN athena.memory_access.labile_until IS 'Until when the memory may be reconsolidated, after a retrieval; in the past or null: stable.';

COMMENT ON COLUMN athena.memory_access.usefulness IS 'How useful retrievals were judged, 0 to 1; written by feedback.';

-- Down Migration
DROP TABLE athena.memory_access;
