-- Why: how memories relate, including which one took another's place. That is a link and not a column of memories: a
-- partitioned table that references itself cannot have its partitions moved without dropping the key, and Citus refuses
-- ON DELETE SET NULL.
-- Lock: SHARE ROW EXCLUSIVE on memories (new foreign keys): waits for open writers and stops new ones until done. 10 ms.
-- Up Migration
CREATE TABLE athena.memory_links (
  project_id bigint NOT NULL,
  from_memory_id bigint NOT NULL,
  to_memory_id bigint NOT NULL,
  kind text NOT NULL,
  strength double precision NOT NULL DEFAULT 1,
  created_at timestamptz NOT NULL DEFAULT now(),
  CONSTRAINT memory_links_pkey PRIMARY KEY (project_id, from_memory_id, to_memory_id, kind),
  CONSTRAINT memory_links_from_fkey FOREIGN KEY (project_id, from_memory_id) REFERENCES athena.memories (project_id, id) ON DELETE CASCADE,
  CONSTRAINT memory_links_to_fkey FOREIGN KEY (project_id, to_memory_id) REFERENCES athena.memories (project_id, id) ON DELETE CASCADE,
  CONSTRAINT memory_links_not_to_itself CHECK (from_memory_id <> to_memory_id),
  CONSTRAINT memory_links_kind_format CHECK (kind ~ '^[a-z][a-z0-9_]{0,62}$'),
  CONSTRAINT memory_links_strength_range CHECK (strength BETWEEN 0 AND 1)
);

CREATE INDEX idx_memory_links_to ON athena.memory_links (project_id, to_memory_id);

CREATE UNIQUE INDEX idx_memory_links_superseded ON athena.memory_links (project_id, to_memory_id)
WHERE
  kind = 'supersedes';

COMMENT ON TABLE athena.memory_links IS 'Directed relations between two memories of a project.';

COMMENT ON COLUMN athena.memory_links.project_id IS 'Project of both memories.';

COMMENT ON COLUMN athena.memory_links.from_memory_id IS 'The memory that reinforces, supersedes, …; the link goes with it.';

COMMENT ON COLUMN athena.memory_links.to_memory_id IS 'The memory that is reinforced, superseded, …; the link goes with it.';

COMMENT ON COLUMN athena.memory_links.kind IS 'Known: reinforces, contradicts, extends, depends_on, caused_by, supersedes (at most one to a memory, whose state is then superseded). A project may add its own, in lower case with _.';

COMMENT ON COLUMN athena.memory_links.strength IS 'How strong the relation is, 0 to 1.';

COMMENT ON COLUMN athena.memory_links.created_at IS 'When the link was made.';

-- Down Migration
DROP TABLE athena.memory_links;
