-- Why: filters on metadata by @>. jsonb_path_ops is smaller than the default and knows this operator only: ->> and ? do not
-- use it.
-- Lock: SHARE UPDATE EXCLUSIVE on the table or each partition in turn: reads and writes go on. Down takes ACCESS EXCLUSIVE for a moment.
-- TIME
--! no-transaction
-- Up Migration
CREATE INDEX CONCURRENTLY idx_memories_metadata ON athena.memories USING gin (metadata jsonb_path_ops);

-- Down Migration
DROP INDEX athena.idx_memories_metadata;
