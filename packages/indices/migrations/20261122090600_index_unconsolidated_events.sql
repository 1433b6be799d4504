-- Why: what the next consolidation reads. Memories have no such index on purpose: with state in an index each change of it
-- would re-insert the row into the vector graph as well (2.3 ms); events have no graph.
-- Lock: SHARE on the parent for a moment (waits for open writers), SHARE UPDATE EXCLUSIVE on each partition while it is built,
-- which blocks neither reads nor writes, ACCESS EXCLUSIVE on each new index as it is attached. Down: ACCESS EXCLUSIVE on all.
-- .6 s on 200,000 rows in 14 partitions, 2 busy cores.
--! no-transaction
-- Up Migration
CREATE INDEX CONCURRENTLY idx_episodic_events_unconsolidated ON athena.episodic_events (project_id, happened_at)
WHERE
  state = 'unconsolidated';

-- Down Migration
DROP INDEX athena.idx_episodic_events_unconsolidated;
