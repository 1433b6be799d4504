-- Why: what may come of a decision, how likely and how bad.
-- Lock: SHARE ROW EXCLUSIVE on projects and decisions (new foreign keys): waits for open writers and stops new ones until
-- done. 15 ms.
-- Up Migration
-- With Citus a table with an identity and a foreign key to projects could not be distributed otherwise.
SET
  LOCAL citus.enable_local_reference_table_foreign_keys TO off;

CREATE TABLE athena.scenarios (
  project_id bigint NOT NULL,
  id bigint GENERATED ALWAYS AS IDENTITY,
  decision_id bigint,
  kind text NOT NULL DEFAULT 'expected',
  name text NOT NULL,
  description text,
  assumptions TEXT[] NOT NULL DEFAULT '{}',
  expected_outcomes TEXT[] NOT NULL DEFAULT '{}',
  impact text,
  risk text,
  probability double precision,
  status text NOT NULL DEFAULT 'untested',
  metadata jsonb NOT NULL DEFAULT '{}',
  created_at timestamptz NOT NULL DEFAULT now(),
  updated_at timestamptz NOT NULL DEFAULT now(),
  CONSTRAINT scenarios_pkey PRIMARY KEY (project_id, id),
  CONSTRAINT scenarios_project_fkey FOREIGN KEY (project_id) REFERENCES athena.projects (id) ON DELETE CASCADE,
  CONSTRAINT scenarios_decision_fkey FOREIGN KEY (project_id, decision_id) REFERENCES athena.decisions (project_id, id) ON DELETE CASCADE,
  CONSTRAINT scenarios_kind_format CHECK (kind ~ '^[a-z][a-z0-9_]{0,62}$'),
  CONSTRAINT scenarios_name_size CHECK (
    name ~ '\S'
    AND octet_length(name) <= 1000
  ),
  CONSTRAINT scenarios_risk_known CHECK (risk IN ('low', 'medium', 'high', 'critical')),
  CONSTRAINT scenarios_probability_range CHECK (probability BETWEEN 0 AND 1),
  CONSTRAINT scenarios_status_known CHECK (status IN ('untested', 'testing', 'passed', 'failed')),
  CONSTRAINT scenarios_metadata_object CHECK (jsonb_typeof(metadata) = 'object')
);

CREATE INDEX idx_scenarios_decision ON athena.scenarios (project_id, decision_id)
WHERE
  decision_id IS NOT NULL;

COMMENT ON TABLE athena.scenarios IS 'What may come of a decision.';

COMMENT ON COLUMN athena.scenarios.project_id IS 'Project of the scenario.';

COMMENT ON COLUMN athena.scenarios.id IS 'Given by the database.';

COMMENT ON COLUMN athena.scenarios.decision_id IS 'Decision that it is about; the scenario goes with it.';

COMMENT ON COLUMN athena.scenarios.kind IS 'Known: expected, best_case, worst_case, alternative. A project may add its own, in lower case with _.';

COMMENT ON COLUMN athena.scenarios.name IS 'The scenario in a few words, at most 1,000 bytes.';

COMMENT ON COLUMN athena.scenarios.description IS 'The scenario in full.';

COMMENT ON COLUMN athena.scenarios.assumptions IS 'What it takes for granted, one text each.';

COMMENT ON COLUMN athena.scenarios.expected_outcomes IS 'What would follow, one text each.';

COMMENT ON COLUMN athena.scenarios.impact IS 'What it would mean, in words.';

COMMENT ON COLUMN athena.scenarios.risk IS 'low, medium, high or critical; null when not judged.';

COMMENT ON COLUMN athena.scenarios.probability IS 'How likely it is, 0 to 1; null when not judged.';

COMMENT ON COLUMN athena.scenarios.status IS 'untested, testing, passed or failed.';

COMMENT ON COLUMN athena.scenarios.metadata IS 'Whatever else the application knows: a JSON object.';

COMMENT ON COLUMN athena.scenarios.created_at IS 'When it was written down.';

COMMENT ON COLUMN athena.scenarios.updated_at IS 'When the row last changed; set by the writer.';

-- Down Migration
DROP TABLE athena.scenarios;
