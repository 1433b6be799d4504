-- Why: is this already known? Not unique: two texts may share a hash, so compare content as well.
-- Lock: SHARE UPDATE EXCLUSIVE on the table or each partition in turn: reads and writes go on. Down takes ACCESS EXCLUSIVE for a moment.
-- TIME
--! no-transaction
-- Up Migration
CREATE INDEX CONCURRENTLY idx_memories_content_hash ON athena.memories (project_id, content_hash);

-- Down Migration
DROP INDEX athena.idx_memories_content_hash;
