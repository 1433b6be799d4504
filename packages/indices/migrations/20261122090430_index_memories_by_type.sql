-- Why: the latest memories of one type.
-- Lock: SHARE UPDATE EXCLUSIVE on the table or each partition in turn: reads and writes go on. Down takes ACCESS EXCLUSIVE for a moment.
-- TIME
--! no-transaction
-- Up Migration
CREATE INDEX CONCURRENTLY idx_memories_project_type ON athena.memories (project_id, memory_type, created_at DESC);

-- Down Migration
DROP INDEX athena.idx_memories_project_type;
