-- Why: goals, and the plan to reach each. Links to memories are a table and not an array of ids, so that a deleted memory
-- leaves no dangling id.
-- Lock: SHARE ROW EXCLUSIVE on projects (a new foreign key): waits for open writers and stops new ones until done. 10 ms.
-- Up Migration
-- With Citus a table with an identity and a foreign key to projects could not be distributed otherwise.
SET
  LOCAL citus.enable_local_reference_table_foreign_keys TO off;

CREATE TABLE athena.plans (
  project_id bigint NOT NULL,
  id bigint GENERATED ALWAYS AS IDENTITY,
  parent_id bigint,
  name text NOT NULL,
  description text,
  status text NOT NULL DEFAULT 'active',
  priority smallint NOT NULL DEFAULT 5,
  progress smallint NOT NULL DEFAULT 0,
  expected_on date,
  metadata jsonb NOT NULL DEFAULT '{}',
  created_at timestamptz NOT NULL DEFAULT now(),
  updated_at timestamptz NOT NULL DEFAULT now(),
  completed_at timestamptz,
  CONSTRAINT plans_pkey PRIMARY KEY (project_id, id),
  CONSTRAINT plans_project_fkey FOREIGN KEY (project_id) REFERENCES athena.projects (id) ON DELETE CASCADE,
  CONSTRAINT plans_parent_fkey FOREIGN KEY (project_id, parent_id) REFERENCES athena.plans (project_id, id),
  CONSTRAINT plans_parent_not_itself CHECK (parent_id <> id),
  CONSTRAINT plans_name_size CHECK (
    name ~ '\S'
    AND octet_length(name) <= 1000
  ),
  CONSTRAINT plans_status_known CHECK (status IN ('active', 'paused', 'completed', 'cancelled', 'archived', 'superseded')),
  CONSTRAINT plans_priority_range CHECK (priority BETWEEN 1 AND 10),
  CONSTRAINT plans_progress_range CHECK (progress BETWEEN 0 AND 100),
  CONSTRAINT plans_completed CHECK (
    status <> 'completed'
    OR completed_at IS NOT NULL
  ),
  CONSTRAINT plans_metadata_object CHECK (jsonb_typeof(metadata) = 'object')
);

CREATE INDEX idx_plans_parent ON athena.plans (project_id, parent_id)
WHERE
  parent_id IS NOT NULL;

COMMENT ON TABLE athena.plans IS 'Goals and how far they have got. One with sub-plans or tasks cannot be deleted before them.';

COMMENT ON COLUMN athena.plans.project_id IS 'Project of the plan.';

COMMENT ON COLUMN athena.plans.id IS 'Given by the database.';

COMMENT ON COLUMN athena.plans.parent_id IS 'Plan of which this is a part.';

COMMENT ON COLUMN athena.plans.name IS 'The goal in a few words, at most 1,000 bytes.';

COMMENT ON COLUMN athena.plans.description IS 'The goal in full.';

COMMENT ON COLUMN athena.plans.status IS 'active, paused, completed, cancelled, archived or superseded.';

COMMENT ON COLUMN athena.plans.priority IS '1 to 10, 10 the most urgent.';

COMMENT ON COLUMN athena.plans.progress IS 'Percent done, 0 to 100.';

COMMENT ON COLUMN athena.plans.expected_on IS 'Day on which it is expected to be reached.';

COMMENT ON COLUMN athena.plans.metadata IS 'Whatever else the application knows: a JSON object.';

COMMENT ON COLUMN athena.plans.created_at IS 'When the plan was made.';

COMMENT ON COLUMN athena.plans.updated_at IS 'When it last changed; set by the writer.';

COMMENT ON COLUMN athena.plans.completed_at IS 'When it was reached.';

-- Down Migration
DROP TABLE athena.plans;
