-- Why: what tasks and memories have to do with code.
-- Lock: SHARE ROW EXCLUSIVE on memories, tasks and code_symbols (new foreign keys): waits for open writers and stops new
-- ones until done. 15 ms.
-- Up Migration
CREATE TABLE athena.task_code_symbols (
  project_id bigint NOT NULL,
  task_id bigint NOT NULL,
  code_symbol_id bigint NOT NULL,
  CONSTRAINT task_code_symbols_pkey PRIMARY KEY (project_id, task_id, code_symbol_id),
  CONSTRAINT task_code_symbols_task_fkey FOREIGN KEY (project_id, task_id) REFERENCES athena.tasks (project_id, id) ON DELETE CASCADE,
  CONSTRAINT task_code_symbols_code_symbol_fkey FOREIGN KEY (project_id, code_symbol_id) REFERENCES athena.code_symbols (project_id, id) ON DELETE CASCADE
);

CREATE INDEX idx_task_code_symbols_code_symbol ON athena.task_code_symbols (project_id, code_symbol_id);

COMMENT ON TABLE athena.task_code_symbols IS 'Code that a task is about.';

COMMENT ON COLUMN athena.task_code_symbols.project_id IS 'Project of both.';

COMMENT ON COLUMN athena.task_code_symbols.task_id IS 'The task; the row goes with it.';

COMMENT ON COLUMN athena.task_code_symbols.code_symbol_id IS 'The code; the row goes with it.';

CREATE TABLE athena.code_symbol_memories (
  project_id bigint NOT NULL,
  code_symbol_id bigint NOT NULL,
  memory_id bigint NOT NULL,
  CONSTRAINT code_symbol_memories_pkey PRIMARY KEY (project_id, code_symbol_id, memory_id),
  CONSTRAINT code_symbol_memories_code_symbol_fkey FOREIGN KEY (project_id, code_symbol_id) REFERENCES athena.code_symbols (project_id, id) ON DELETE CASCADE,
  CONSTRAINT code_symbol_memories_memory_fkey FOREIGN KEY (project_id, memory_id) REFERENCES athena.memories (project_id, id) ON DELETE CASCADE
);

CREATE INDEX idx_code_symbol_memories_memory ON athena.code_symbol_memories (project_id, memory_id);

COMMENT ON TABLE athena.code_symbol_memories IS 'Memories that hold a piece of code, its text and its embedding.';

COMMENT ON COLUMN athena.code_symbol_memories.project_id IS 'Project of both.';

COMMENT ON COLUMN athena.code_symbol_memories.code_symbol_id IS 'The code; the row goes with it.';

COMMENT ON COLUMN athena.code_symbol_memories.memory_id IS 'The memory; the row goes with it.';

-- Down Migration
DROP TABLE athena.task_code_symbols,
athena.code_symbol_memories;
