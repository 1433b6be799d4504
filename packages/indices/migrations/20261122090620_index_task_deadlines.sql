-- Why: what is due next; tasks that are done leave the index.
-- Lock: SHARE UPDATE EXCLUSIVE on the table or each partition in turn: reads and writes go on. Down takes ACCESS EXCLUSIVE for a moment.
-- TIME
--! no-transaction
-- Up Migration
CREATE INDEX CONCURRENTLY idx_tasks_due ON athena.tasks (project_id, due_at)
WHERE
  status IN ('pending', 'in_progress', 'blocked');

-- Down Migration
DROP INDEX CONCURRENTLY athena.idx_tasks_due;
