-- Why: steps of a plan, or work on its own.
-- Lock: SHARE ROW EXCLUSIVE on projects and plans (new foreign keys): waits for open writers and stops new ones until
-- done. 15 ms.
-- Up Migration
-- With Citus a table with an identity and a foreign key to projects could not be distributed otherwise.
SET
  LOCAL citus.enable_local_reference_table_foreign_keys TO off;

CREATE TABLE athena.tasks (
  project_id bigint NOT NULL,
  id bigint GENERATED ALWAYS AS IDENTITY,
  plan_id bigint,
  parent_id bigint,
  title text NOT NULL,
  description text,
  status text NOT NULL DEFAULT 'pending',
  priority smallint NOT NULL DEFAULT 5,
  progress smallint NOT NULL DEFAULT 0,
  estimated_hours double precision,
  actual_hours double precision,
  success_rate double precision,
  due_at timestamptz,
  metadata jsonb NOT NULL DEFAULT '{}',
  created_at timestamptz NOT NULL DEFAULT now(),
  updated_at timestamptz NOT NULL DEFAULT now(),
  started_at timestamptz,
  completed_at timestamptz,
  CONSTRAINT tasks_pkey PRIMARY KEY (project_id, id),
  CONSTRAINT tasks_project_fkey FOREIGN KEY (project_id) REFERENCES athena.projects (id) ON DELETE CASCADE,
  CONSTRAINT tasks_plan_fkey FOREIGN KEY (project_id, plan_id) REFERENCES athena.plans (project_id, id),
  CONSTRAINT tasks_parent_fkey FOREIGN KEY (project_id, parent_id) REFERENCES athena.tasks (project_id, id),
  CONSTRAINT tasks_parent_not_itself CHECK (parent_id <> id),
  CONSTRAINT tasks_title_size CHECK (
    title ~ '\S'
    AND octet_length(title) <= 1000
  ),
  CONSTRAINT tasks_status_known CHECK (status IN ('pending', 'in_progress', 'blocked', 'completed', 'cancelled')),
  CONSTRAINT tasks_priority_range CHECK (priority BETWEEN 1 AND 10),
  CONSTRAINT tasks_progress_range CHECK (progress BETWEEN 0 AND 100),
  CONSTRAINT tasks_hours_range CHECK (
    estimated_hours >= 0
    AND estimated_hours < 'infinity'
    AND actual_hours >= 0
    AND actual_hours < 'infinity'
  ),
  CONSTRAINT tasks_success_rate_range CHECK (success_rate BETWEEN 0 AND 1),
  CONSTRAINT tasks_completed CHECK (
    status <> 'completed'
    OR completed_at IS NOT NULL
  ),
  CONSTRAINT tasks_metadata_object CHECK (jsonb_typeof(metadata) = 'object')
);

CREATE INDEX idx_tasks_plan ON athena.tasks (project_id, plan_id)
WHERE
  plan_id IS NOT NULL;

CREATE INDEX idx_tasks_parent ON athena.tasks (project_id, parent_id)
WHERE
  parent_id IS NOT NULL;

COMMENT ON TABLE athena.tasks IS 'Work to do: a step of a plan, or on its own. One with sub-tasks cannot be deleted before them.';

COMMENT ON COLUMN athena.tasks.project_id IS 'Project of the task.';

COMMENT ON COLUMN athena.tasks.id IS 'Given by the database.';

COMMENT ON COLUMN athena.tasks.plan_id IS 'Plan of which it is a step.';

COMMENT ON COLUMN athena.tasks.parent_id IS 'Task of which it is a part.';

COMMENT ON COLUMN athena.tasks.title IS 'The task in a few words, at most 1,000 bytes.';

COMMENT ON COLUMN athena.tasks.description IS 'The task in full.';

COMMENT ON COLUMN athena.tasks.status IS 'pending, in_progress, blocked, completed or cancelled.';

COMMENT ON COLUMN athena.tasks.priority IS '1 to 10, 10 the most urgent.';

COMMENT ON COLUMN athena.tasks.progress IS 'Percent done, 0 to 100.';

COMMENT ON COLUMN athena.tasks.estimated_hours IS 'Effort expected, in hours.';

COMMENT ON COLUMN athena.tasks.actual_hours IS 'Effort spent, in hours.';

COMMENT ON COLUMN athena.tasks.success_rate IS 'How well tasks like this one went, 0 to 1.';

COMMENT ON COLUMN athena.tasks.due_at IS 'When it must be done.';

COMMENT ON COLUMN athena.tasks.metadata IS 'Whatever else the application knows: a JSON object.';

COMMENT ON COLUMN athena.tasks.created_at IS 'When the task was made.';

COMMENT ON COLUMN athena.tasks.updated_at IS 'When it last changed; set by the writer.';

COMMENT ON COLUMN athena.tasks.started_at IS 'When work on it began.';

COMMENT ON COLUMN athena.tasks.completed_at IS 'When it was done.';

-- Down Migration
DROP TABLE athena.tasks;
