-- Why: the next tasks of a project, most urgent first.
-- Lock: SHARE UPDATE EXCLUSIVE on the table or each partition in turn: reads and writes go on. Down takes ACCESS EXCLUSIVE for a moment.
-- TIME
--! no-transaction
-- Up Migration
CREATE INDEX CONCURRENTLY idx_tasks_project_status ON athena.tasks (project_id, status, priority DESC);

-- Down Migration
DROP INDEX CONCURRENTLY athena.idx_tasks_project_status;
