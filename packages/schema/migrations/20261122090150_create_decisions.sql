-- Why: what was decided, why, and what else was possible.
-- Lock: SHARE ROW EXCLUSIVE on projects and plans (new foreign keys): waits for open writers and stops new ones until
-- done. 15 ms.
-- Up Migration
-- With Citus a table with an identity and a foreign key to projects could not be distributed otherwise.
SET
  LOCAL citus.enable_local_reference_table_foreign_keys TO off;

CREATE TABLE athena.decisions (
  project_id bigint NOT NULL,
  id bigint GENERATED ALWAYS AS IDENTITY,
  plan_id bigint,
  kind text NOT NULL,
  title text NOT NULL,
  rationale text,
  alternatives TEXT[] NOT NULL DEFAULT '{}',
  status text NOT NULL DEFAULT 'pending',
  confidence double precision,
  superseded_by bigint,
  metadata jsonb NOT NULL DEFAULT '{}',
  created_at timestamptz NOT NULL DEFAULT now(),
  updated_at timestamptz NOT NULL DEFAULT now(),
  validated_at timestamptz,
  CONSTRAINT decisions_pkey PRIMARY KEY (project_id, id),
  CONSTRAINT decisions_project_fkey FOREIGN KEY (project_id) REFERENCES athena.projects (id) ON DELETE CASCADE,
  CONSTRAINT decisions_plan_fkey FOREIGN KEY (project_id, plan_id) REFERENCES athena.plans (project_id, id),
  CONSTRAINT decisions_superseded_by_fkey FOREIGN KEY (project_id, superseded_by) REFERENCES athena.decisions (project_id, id),
  CONSTRAINT decisions_superseded_by_not_itself CHECK (superseded_by <> id),
  CONSTRAINT decisions_kind_format CHECK (kind ~ '^[a-z][a-z0-9_]{0,62}$'),
  CONSTRAINT decisions_title_size CHECK (
    title ~ '\S'
    AND octet_length(title) <= 1000
  ),
  CONSTRAINT decisions_status_known CHECK (status IN ('pending', 'validated', 'rejected', 'superseded')),
  CONSTRAINT decisions_confidence_range CHECK (confidence BETWEEN 0 AND 1),
  CONSTRAINT decisions_superseded CHECK (
    superseded_by IS NULL
    OR status = 'superseded'
  ),
  CONSTRAINT decisions_metadata_object CHECK (jsonb_typeof(metadata) = 'object')
);

CREATE INDEX idx_decisions_plan ON athena.decisions (project_id, plan_id)
WHERE
  plan_id IS NOT NULL;

CREATE INDEX idx_decisions_superseded_by ON athena.decisions (project_id, superseded_by)
WHERE
  superseded_by IS NOT NULL;

COMMENT ON TABLE athena.decisions IS 'What was decided and why. One that took another''s place cannot be deleted before it.';

COMMENT ON COLUMN athena.decisions.project_id IS 'Project of the decision.';

COMMENT ON COLUMN athena.decisions.id IS 'Given by the database.';

COMMENT ON COLUMN athena.decisions.plan_id IS 'Plan for which it was taken.';

COMMENT ON COLUMN athena.decisions.kind IS 'Known: architectural, algorithm, refactoring, integration. A project may add its own, in lower case with _.';

COMMENT ON COLUMN athena.decisions.title IS 'The decision in a few words, at most 1,000 bytes.';

COMMENT ON COLUMN athena.decisions.rationale IS 'Why it was taken.';

COMMENT ON COLUMN athena.decisions.alternatives IS 'What else was possible, one text each.';

COMMENT ON COLUMN athena.decisions.status IS 'pending, validated, rejected or superseded.';

COMMENT ON COLUMN athena.decisions.confidence IS 'How sure the validation was, 0 to 1; null before it.';

COMMENT ON COLUMN athena.decisions.superseded_by IS 'Decision that took its place; status is then superseded.';

COMMENT ON COLUMN athena.decisions.metadata IS 'Whatever else the application knows: a JSON object.';

COMMENT ON COLUMN athena.decisions.created_at IS 'When it was taken.';

COMMENT ON COLUMN athena.decisions.updated_at IS 'When the row last changed; set by the writer.';

COMMENT ON COLUMN athena.decisions.validated_at IS 'When it was validated or rejected.';

-- Down Migration
DROP TABLE athena.decisions;
