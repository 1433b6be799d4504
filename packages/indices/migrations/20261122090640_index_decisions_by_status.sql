-- Why: decisions that wait for validation, and the latest valid ones.
-- Lock: SHARE UPDATE EXCLUSIVE, which blocks neither reads nor writes, both ways.
-- .1 s on 20,000 rows.
--! no-transaction
-- Up Migration
CREATE INDEX CONCURRENTLY idx_decisions_project_status ON athena.decisions (project_id, status, created_at DESC);

-- Down Migration
DROP INDEX CONCURRENTLY athena.idx_decisions_project_status;
