-- Why: a project's memories page by page, latest first: WHERE (created_at, id) < (last seen). id makes the order total. An
-- index on created_at alone, as is usual, reads all projects' rows.
-- Lock: SHARE UPDATE EXCLUSIVE on the table or each partition in turn: reads and writes go on. Down takes ACCESS EXCLUSIVE for a moment.
-- TIME
--! no-transaction
-- Up Migration
CREATE INDEX CONCURRENTLY idx_memories_created ON athena.memories (project_id, created_at DESC, id DESC);

-- Down Migration
DROP INDEX athena.idx_memories_created;
