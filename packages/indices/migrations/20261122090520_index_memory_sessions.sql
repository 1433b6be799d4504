-- Why: what was learned in a session, in order.
-- Lock: SHARE UPDATE EXCLUSIVE on the table or each partition in turn: reads and writes go on. Down takes ACCESS EXCLUSIVE for a moment.
-- TIME
--! no-transaction
-- Up Migration
CREATE INDEX CONCURRENTLY idx_memories_session ON athena.memories (project_id, session_id, created_at)
WHERE
  session_id IS NOT NULL;

-- Down Migration
DROP INDEX athena.idx_memories_session;
