-- Why: the same code elsewhere in the project.
-- Lock: SHARE UPDATE EXCLUSIVE, which blocks neither reads nor writes, both ways.
-- .6 s on 100,000 rows.
--! no-transaction
-- Up Migration
CREATE INDEX CONCURRENTLY idx_code_symbols_semantic_hash ON athena.code_symbols (project_id, semantic_hash)
WHERE
  semantic_hash IS NOT NULL;

-- Down Migration
DROP INDEX CONCURRENTLY athena.idx_code_symbols_semantic_hash;
