-- Why: the rows that the vector index does not hold yet, for the exact part of a search and for the drain job. Nearly empty.
-- Lock: SHARE UPDATE EXCLUSIVE on the table or each partition in turn: reads and writes go on. Down takes ACCESS EXCLUSIVE for a moment.
-- 207,000 rows: under a second.
--! no-transaction
-- Up Migration
CREATE INDEX CONCURRENTLY idx_memories_unindexed ON athena.memories (project_id)
WHERE
  NOT indexed;

-- Down Migration
DROP INDEX athena.idx_memories_unindexed;
