-- Why: which memories matter to a plan, a task or a decision. Tables instead of arrays of ids: they are checked, found from
-- both ends, and a deleted memory leaves no dangling id.
-- Lock: SHARE ROW EXCLUSIVE on memories, plans, tasks and decisions (new foreign keys): waits for open writers and stops
-- new ones until done. 25 ms.
-- Up Migration
CREATE TABLE athena.plan_memories (
  project_id bigint NOT NULL,
  plan_id bigint NOT NULL,
  memory_id bigint NOT NULL,
  CONSTRAINT plan_memories_pkey PRIMARY KEY (project_id, plan_id, memory_id),
  CONSTRAINT plan_memories_plan_fkey FOREIGN KEY (project_id, plan_id) REFERENCES athena.plans (project_id, id) ON DELETE CASCADE,
  CONSTRAINT plan_memories_memory_fkey FOREIGN KEY (project_id, memory_id) REFERENCES athena.memories (project_id, id) ON DELETE CASCADE
);

CREATE INDEX idx_plan_memories_memory ON athena.plan_memories (project_id, memory_id);

COMMENT ON TABLE athena.plan_memories IS 'Memories that matter to a plan.';

COMMENT ON COLUMN athena.plan_memories.project_id IS 'Project of both.';

COMMENT ON COLUMN athena.plan_memories.plan_id IS 'The plan; the row goes with it.';

COMMENT ON COLUMN athena.plan_memories.memory_id IS 'The memory; the row goes with it.';

CREATE TABLE athena.task_memories (
  project_id bigint NOT NULL,
  task_id bigint NOT NULL,
  memory_id bigint NOT NULL,
  CONSTRAINT task_memories_pkey PRIMARY KEY (project_id, task_id, memory_id),
  CONSTRAINT task_memories_task_fkey FOREIGN KEY (project_id, task_id) REFERENCES athena.tasks (project_id, id) ON DELETE CASCADE,
  CONSTRAINT task_memories_memory_fkey FOREIGN KEY (project_id, memory_id) REFERENCES athena.memories (project_id, id) ON DELETE CASCADE
);

CREATE INDEX idx_task_memories_memory ON athena.task_memories (project_id, memory_id);

COMMENT ON TABLE athena.task_memories IS 'Memories that matter to a task.';

COMMENT ON COLUMN athena.task_memories.project_id IS 'Project of both.';

COMMENT ON COLUMN athena.task_memories.task_id IS 'The task; the row goes with it.';

COMMENT ON COLUMN athena.task_memories.memory_id IS 'The memory; the row goes with it.';

CREATE TABLE athena.decision_memories (
  project_id bigint NOT NULL,
  decision_id bigint NOT NULL,
  memory_id bigint NOT NULL,
  CONSTRAINT decision_memories_pkey PRIMARY KEY (project_id, decision_id, memory_id),
  CONSTRAINT decision_memories_decision_fkey FOREIGN KEY (project_id, decision_id) REFERENCES athena.decisions (project_id, id) ON DELETE CASCADE,
  CONSTRAINT decision_memories_memory_fkey FOREIGN KEY (project_id, memory_id) REFERENCES athena.memories (project_id, id) ON DELETE CASCADE
);

CREATE INDEX idx_decision_memories_memory ON athena.decision_memories (project_id, memory_id);

COMMENT ON TABLE athena.decision_memories IS 'Memories that a decision was based on.';

COMMENT ON COLUMN athena.decision_memories.project_id IS 'Project of both.';

COMMENT ON COLUMN athena.decision_memories.decision_id IS 'The decision; the row goes with it.';

COMMENT ON COLUMN athena.decision_memories.memory_id IS 'The memory; the row goes with it.';

-- Down Migration
DROP TABLE athena.plan_memories,
athena.task_memories,
athena.decision_memories;
