-- Why: the same code elsewhere in the project.
-- Lock: SHARE UPDATE EXCLUSIVE on the table or each partition in turn: reads and writes go on. Down takes ACCESS EXCLUSIVE for a moment.
-- TIME
--! no-transaction
-- Up Migration
CREATE INDEX CONCURRENTLY idx_code_symbols_semantic_hash ON athena.code_symbols (project_id, semantic_hash)
WHERE
  semantic_hash IS NOT NULL;

-- Down Migration
DROP INDEX CONCURRENTLY athena.idx_code_symbols_semantic_hash;
