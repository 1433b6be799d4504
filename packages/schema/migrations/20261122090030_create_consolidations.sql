-- Why: a consolidation turns events into memories, and what it made must be traceable to the run that made it.
-- Lock: SHARE ROW EXCLUSIVE on projects (a new foreign key), which blocks writes to it for the length of this file.
-- 10 ms.
-- Up Migration
-- With Citus a table with an identity and a foreign key to projects could not be distributed otherwise.
SET
  LOCAL citus.enable_local_reference_table_foreign_keys TO off;

CREATE TABLE athena.consolidations (
  project_id bigint NOT NULL,
  id bigint GENERATED ALWAYS AS IDENTITY,
  name text,
  strategy text NOT NULL,
  status text NOT NULL DEFAULT 'running',
  started_at timestamptz NOT NULL DEFAULT now(),
  finished_at timestamptz,
  events_from timestamptz,
  events_until timestamptz,
  event_count bigint NOT NULL DEFAULT 0,
  cluster_count bigint NOT NULL DEFAULT 0,
  memory_count bigint NOT NULL DEFAULT 0,
  summary text,
  error text,
  parameters jsonb NOT NULL DEFAULT '{}',
  CONSTRAINT consolidations_pkey PRIMARY KEY (project_id, id),
  CONSTRAINT consolidations_project_fkey FOREIGN KEY (project_id) REFERENCES athena.projects (id) ON DELETE CASCADE,
  CONSTRAINT consolidations_strategy_format CHECK (strategy ~ '^[a-z][a-z0-9_]{0,62}$'),
  CONSTRAINT consolidations_status_known CHECK (status IN ('running', 'completed', 'failed')),
  CONSTRAINT consolidations_finished CHECK ((status = 'running') = (finished_at IS NULL)),
  CONSTRAINT consolidations_period CHECK (events_from < events_until),
  CONSTRAINT consolidations_counts_range CHECK (
    event_count >= 0
    AND cluster_count >= 0
    AND memory_count >= 0
  ),
  CONSTRAINT consolidations_parameters_object CHECK (jsonb_typeof(parameters) = 'object')
);

COMMENT ON TABLE athena.consolidations IS 'One row for each run that turned events into memories. A run that memories or events point to cannot be deleted.';

COMMENT ON COLUMN athena.consolidations.project_id IS 'Project whose events were read.';

COMMENT ON COLUMN athena.consolidations.id IS 'Given by the database.';

COMMENT ON COLUMN athena.consolidations.name IS 'Name for people; null for scheduled runs.';

COMMENT ON COLUMN athena.consolidations.strategy IS 'How events were grouped. Known: session_windows, similarity_clusters; a project may add its own, in lower case.';

COMMENT ON COLUMN athena.consolidations.status IS 'running, completed or failed; a run still running after its job ended has died.';

COMMENT ON COLUMN athena.consolidations.started_at IS 'When the run began.';

COMMENT ON COLUMN athena.consolidations.finished_at IS 'When it completed or failed; null while it runs.';

COMMENT ON COLUMN athena.consolidations.events_from IS 'Earliest happened_at that was read, inclusive.';

COMMENT ON COLUMN athena.consolidations.events_until IS 'Latest happened_at that was read, exclusive.';

COMMENT ON COLUMN athena.consolidations.event_count IS 'Events read.';

COMMENT ON COLUMN athena.consolidations.cluster_count IS 'Groups found.';

COMMENT ON COLUMN athena.consolidations.memory_count IS 'Memories written.';

COMMENT ON COLUMN athena.consolidations.summary IS 'What came out, for people.';

COMMENT ON COLUMN athena.consolidations.error IS 'Why it failed.';

COMMENT ON COLUMN athena.consolidations.parameters IS 'Thresholds and limits it ran with: a JSON object.';

-- Down Migration
DROP TABLE athena.consolidations;
