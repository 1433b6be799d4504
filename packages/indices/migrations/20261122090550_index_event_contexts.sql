-- Why: what happened to a file or on a branch: context @> '{"files": ["src/main.ts"]}'.
-- Lock: SHARE UPDATE EXCLUSIVE on the table or each partition in turn: reads and writes go on. Down takes ACCESS EXCLUSIVE for a moment.
-- TIME
--! no-transaction
-- Up Migration
CREATE INDEX CONCURRENTLY idx_episodic_events_context ON athena.episodic_events USING gin (context jsonb_path_ops);

-- Down Migration
DROP INDEX athena.idx_episodic_events_context;
