-- Why: what the next consolidation reads. Memories have no such index on purpose: with state in an index each change of it
-- would re-insert the row into the vector graph as well (2.3 ms); events have no graph.
-- Lock: SHARE UPDATE EXCLUSIVE on the table or each partition in turn: reads and writes go on. Down takes ACCESS EXCLUSIVE for a moment.
-- TIME
--! no-transaction
-- Up Migration
CREATE INDEX CONCURRENTLY idx_episodic_events_unconsolidated ON athena.episodic_events (project_id, happened_at)
WHERE
  state = 'unconsolidated';

-- Down Migration
DROP INDEX athena.idx_episodic_events_unconsolidated;
