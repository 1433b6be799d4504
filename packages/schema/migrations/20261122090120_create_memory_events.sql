-- Why: from which events a memory was made. No foreign key to the events, on purpose: a month that is referenced could
-- not be detached and archived.
-- Lock: SHARE ROW EXCLUSIVE on memories (a new foreign key): waits for open writers and stops new ones until done. 6 ms.
-- Up Migration
CREATE TABLE athena.memory_events (
  project_id bigint NOT NULL,
  memory_id bigint NOT NULL,
  happened_at timestamptz NOT NULL,
  event_id bigint NOT NULL,
  CONSTRAINT memory_events_pkey PRIMARY KEY (project_id, memory_id, happened_at, event_id),
  CONSTRAINT memory_events_memory_fkey FOREIGN KEY (project_id, memory_id) REFERENCES athena.memories (project_id, id) ON DELETE CASCADE
);

COMMENT ON TABLE athena.memory_events IS 'From which events a memory was made; an event may have been archived since.';

COMMENT ON COLUMN athena.memory_events.project_id IS 'Project of both.';

COMMENT ON COLUMN athena.memory_events.memory_id IS 'The memory; the row goes with it.';

COMMENT ON COLUMN athena.memory_events.happened_at IS 'episodic_events.happened_at: with it the event is found in one partition.';

COMMENT ON COLUMN athena.memory_events.event_id IS 'episodic_events.id.';

-- Down Migration
DROP TABLE athena.memory_events;
