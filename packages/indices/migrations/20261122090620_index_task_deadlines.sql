-- Why: what is due next; tasks that are done leave the index.
-- Lock: SHARE UPDATE EXCLUSIVE, which blocks neither reads nor writes, both ways.
-- .3 s on 100,000 rows.
--! no-transaction
-- Up Migration
CREATE INDEX CONCURRENTLY idx_tasks_due ON athena.tasks (project_id, due_at)
WHERE
  status IN ('pending', 'in_progress', 'blocked');

-- Down Migration
DROP INDEX CONCURRENTLY athena.idx_tasks_due;
