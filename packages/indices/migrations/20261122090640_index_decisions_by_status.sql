-- Why: decisions that wait for validation, and the latest valid ones.
-- Lock: SHARE UPDATE EXCLUSIVE on the table or each partition in turn: reads and writes go on. Down takes ACCESS EXCLUSIVE for a moment.
-- TIME
--! no-transaction
-- Up Migration
CREATE INDEX CONCURRENTLY idx_decisions_project_status ON athena.decisions (project_id, status, created_at DESC);

-- Down Migration
DROP INDEX CONCURRENTLY athena.idx_decisions_project_status;
