-- Why: the active plans of a project, most urgent first.
-- Lock: SHARE UPDATE EXCLUSIVE on the table or each partition in turn: reads and writes go on. Down takes ACCESS EXCLUSIVE for a moment.
-- TIME
--! no-transaction
-- Up Migration
CREATE INDEX CONCURRENTLY idx_plans_project_status ON athena.plans (project_id, status, priority DESC);

-- Down Migration
DROP INDEX CONCURRENTLY athena.idx_plans_project_status;
