-- Why: what each column of episodic_events means, in which unit, and who writes it; in a file of its own for its length.
-- Lock: SHARE UPDATE EXCLUSIVE on episodic_events, which blocks neither reads nor writes. 10 ms.
-- Up Migration
COMMENT ON COLUMN athena.episodic_events.project_id IS 'Project in which it happened.';

COMMENT ON COLUMN athena.episodic_events.happened_at IS 'When it happened; decides the partition.';

COMMENT ON COLUMN athena.episodic_events.id IS 'Given by the database.';

COMMENT ON COLUMN athena.episodic_events.confidence IS 'How sure the writer was, 0 to 1.';

COMMENT ON COLUMN athena.episodic_events.files_changed IS 'Files that the event changed.';

COMMENT ON COLUMN athena.episodic_events.lines_added IS 'Lines that it added.';

COMMENT ON COLUMN athena.episodic_events.lines_deleted IS 'Lines that it deleted.';

COMMENT ON COLUMN athena.episodic_events.embedding IS 'Embedding of content, from the same model as memories.embedding; null until it has been computed. Never all zeros.';

COMMENT ON COLUMN athena.episodic_events.session_id IS 'Groups the events of one sitting; chosen by the client, at most 255 bytes.';

COMMENT ON COLUMN athena.episodic_events.kind IS 'Known: action, learning, error, decision. A project may add its own, in lower case with _.';

COMMENT ON COLUMN athena.episodic_events.state IS 'unconsolidated, consolidating or consolidated; written by the consolidation.';

COMMENT ON COLUMN athena.episodic_events.content IS 'What happened, in words.';

COMMENT ON COLUMN athena.episodic_events.outcome IS 'How it ended, in words, or success, failure, partial.';

COMMENT ON COLUMN athena.episodic_events.learned IS 'What was learned from it, in words.';

COMMENT ON COLUMN athena.episodic_events.context IS 'Where it happened: a JSON object. Known keys: working_directory, files (array), task, phase, branch.';

COMMENT ON COLUMN athena.episodic_events.duration IS 'How long it took.';

COMMENT ON COLUMN athena.episodic_events.surprise IS 'How unexpected it was, 0 to 1; null when not judged.';

COMMENT ON COLUMN athena.episodic_events.consolidation_id IS 'Consolidation that read it; null until then.';

COMMENT ON COLUMN athena.episodic_events.consolidated_at IS 'When state became consolidated; written by the consolidation.';

-- Down Migration
-- Nothing to undo: the comments go with the table.
