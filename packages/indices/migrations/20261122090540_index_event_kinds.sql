-- Why: the latest errors, decisions, … of a project.
-- Lock: SHARE UPDATE EXCLUSIVE on the table or each partition in turn: reads and writes go on. Down takes ACCESS EXCLUSIVE for a moment.
-- TIME
--! no-transaction
-- Up Migration
CREATE INDEX CONCURRENTLY idx_episodic_events_kind ON athena.episodic_events (project_id, kind, happened_at DESC);

-- Down Migration
DROP INDEX athena.idx_episodic_events_kind;
