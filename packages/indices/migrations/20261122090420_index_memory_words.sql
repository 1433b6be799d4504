-- Why: full-text search. No materialized view of ranks: the rank depends on the query, so the usual advice stores a constant.
-- Lock: SHARE UPDATE EXCLUSIVE on the table or each partition in turn: reads and writes go on. Down takes ACCESS EXCLUSIVE for a moment.
-- 1,000,000 rows: 8.9 s.
--! no-transaction
-- Up Migration
CREATE INDEX CONCURRENTLY idx_memories_fts ON athena.memories USING gin (fts);

-- Down Migration
DROP INDEX athena.idx_memories_fts;
