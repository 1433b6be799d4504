-- Why: filters on tags by @> (all of them) and && (any).
-- Lock: SHARE UPDATE EXCLUSIVE on the table or each partition in turn: reads and writes go on. Down takes ACCESS EXCLUSIVE for a moment.
-- TIME
--! no-transaction
-- Up Migration
CREATE INDEX CONCURRENTLY idx_memories_tags ON athena.memories USING gin (tags);

-- Down Migration
DROP INDEX athena.idx_memories_tags;
