-- Why: the events of a session, in order. Events of a project by time need no index: the primary key has that order.
-- Lock: SHARE UPDATE EXCLUSIVE on the table or each partition in turn: reads and writes go on. Down takes ACCESS EXCLUSIVE for a moment.
-- TIME
--! no-transaction
-- Up Migration
CREATE INDEX CONCURRENTLY idx_episodic_events_session ON athena.episodic_events (project_id, session_id, happened_at);

-- Down Migration
DROP INDEX athena.idx_episodic_events_session;
