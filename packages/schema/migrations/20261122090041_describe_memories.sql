-- Why: what each column of memories means, in which unit, and who writes it; in a file of its own for its length.
-- Lock: SHARE UPDATE EXCLUSIVE on memories, which blocks neither reads nor writes. 10 ms.
-- Up Migration
COMMENT ON COLUMN athena.memories.project_id IS 'Project that the memory belongs to; first column of every key, and what the table is partitioned by.';

COMMENT ON COLUMN athena.memories.id IS 'Given by the database. Beyond 2^53 on a cluster: a string in JavaScript.';

COMMENT ON COLUMN athena.memories.created_at IS 'When the memory was made.';

COMMENT ON COLUMN athena.memories.updated_at IS 'When content or classification last changed; set by the writer.';

COMMENT ON COLUMN athena.memories.confidence IS 'How sure the writer was, 0 to 1.';

COMMENT ON COLUMN athena.memories.content_hash IS 'hashtextextended(content, 0), by the database: finds candidates for duplicates; compare content as well. The same in all versions of PostgreSQL, as hash partitioning relies on it.';

COMMENT ON COLUMN athena.memories.version IS 'Raised by one when a memory is reconsolidated; set by the writer.';

COMMENT ON COLUMN athena.memories.embedding IS 'Embedding of content, compared by cosine distance; null until it has been computed. Never all zeros: such a row would silently be missing from the graph.';

COMMENT ON COLUMN athena.memories.indexed IS 'Whether the row is in the vector index. New rows are searched exactly until the drain job sets it (2.3 ms a row).';

COMMENT ON COLUMN athena.memories.memory_type IS 'Known: fact, pattern, decision, context, code_snippet, procedure. A project may add its own, in lower case with _.';

COMMENT ON COLUMN athena.memories.domain IS 'Known: memory, planning, code. A project may add its own, in lower case with _.';

COMMENT ON COLUMN athena.memories.state IS 'unconsolidated, consolidating, consolidated, reconsolidating or superseded. Labile is not stored here, since it ends by itself: consolidated and memory_access.labile_until in the future. Deliberately in no index: see packages/indices.';

COMMENT ON COLUMN athena.memories.content_type IS 'What was remembered from. Known: semantic, episodic, code, task. A project may add its own, in lower case with _.';

COMMENT ON COLUMN athena.memories.content IS 'The text, at most 262,144 bytes: the worst texts tried made a tsvector of .79 MB of that, whose limit is 1 MB. Split longer ones.';

COMMENT ON COLUMN athena.memories.fts IS 'Lexemes of content, by the database, in the text search configuration that was chosen at installation.';

COMMENT ON COLUMN athena.memories.tags IS 'Free labels, for filters: none null, together at most 2,000 bytes, so that each fits an index entry.';

COMMENT ON COLUMN athena.memories.metadata IS 'Whatever else the application knows: a JSON object, searchable by @>.';

COMMENT ON COLUMN athena.memories.language IS 'Programming language of a code snippet, such as typescript; null for prose.';

COMMENT ON COLUMN athena.memories.session_id IS 'Session in which it was learned, as in episodic_events.';

COMMENT ON COLUMN athena.memories.event_kind IS 'Kind of the event from which it was learned, as in episodic_events.';

COMMENT ON COLUMN athena.memories.consolidation_id IS 'Consolidation that made it; null when it was remembered directly.';

COMMENT ON COLUMN athena.memories.consolidated_at IS 'When state last became consolidated; set by the writer.';

-- Down Migration
-- Nothing to undo: the comments go with the table.
