-- Why: every row of the store belongs to a project. No counters here: on a cluster this is a reference table, written
-- on all nodes, so a counter would turn each remembered fact into a write on every machine.
-- Lock: none on existing tables. 15 ms.
-- Up Migration
CREATE TABLE athena.projects (
  id bigint GENERATED ALWAYS AS IDENTITY,
  name text NOT NULL,
  path text,
  description text,
  language text,
  framework text,
  embedding_model text,
  embedding_dimensions integer,
  consolidation_interval interval,
  metadata jsonb NOT NULL DEFAULT '{}',
  created_at timestamptz NOT NULL DEFAULT now(),
  updated_at timestamptz NOT NULL DEFAULT now(),
  last_used_at timestamptz,
  archived_at timestamptz,
  CONSTRAINT projects_pkey PRIMARY KEY (id),
  CONSTRAINT projects_name_key UNIQUE (name),
  CONSTRAINT projects_path_key UNIQUE (path),
  CONSTRAINT projects_name_size CHECK (
    name ~ '\S'
    AND octet_length(name) <= 255
  ),
  CONSTRAINT projects_path_size CHECK (
    path ~ '\S'
    AND octet_length(path) <= 2000
  ),
  CONSTRAINT projects_embedding_dimensions_range CHECK (embedding_dimensions BETWEEN 1 AND 16000),
  CONSTRAINT projects_consolidation_interval_positive CHECK (consolidation_interval > interval '0'),
  CONSTRAINT projects_metadata_object CHECK (jsonb_typeof(metadata) = 'object')
);

COMMENT ON TABLE athena.projects IS 'One row for each project. A project with memories or events cannot be deleted: delete those first, in batches; the rest goes with it.';

COMMENT ON COLUMN athena.projects.id IS 'Given by the database. First column of every other key in the store.';

COMMENT ON COLUMN athena.projects.name IS 'Unique name for people, at most 255 bytes.';

COMMENT ON COLUMN athena.projects.path IS 'Folder or address by which a program finds its project; unique, null when there is none.';

COMMENT ON COLUMN athena.projects.description IS 'What the project is about, for people.';

COMMENT ON COLUMN athena.projects.language IS 'Main programming language, such as typescript.';

COMMENT ON COLUMN athena.projects.framework IS 'Main framework, such as react.';

COMMENT ON COLUMN athena.projects.embedding_model IS 'Model that makes this project''s embeddings. Embeddings of two models cannot be compared, so changing it means embedding everything again.';

COMMENT ON COLUMN athena.projects.embedding_dimensions IS 'Dimensions that the model returns, when they differ from the column''s; null: those of the column.';

COMMENT ON COLUMN athena.projects.consolidation_interval IS 'Time between two consolidations of this project; null: that of the job.';

COMMENT ON COLUMN athena.projects.metadata IS 'Whatever else the application knows about the project: a JSON object.';

COMMENT ON COLUMN athena.projects.created_at IS 'When the row was written.';

COMMENT ON COLUMN athena.projects.updated_at IS 'When a person or program last changed the description of the project; set by the writer.';

COMMENT ON COLUMN athena.projects.last_used_at IS 'When the project was last opened; written by the client at most once an hour, since this table exists on every node of a cluster.';

COMMENT ON COLUMN athena.projects.archived_at IS 'When the project was set aside; null while it is in use.';

-- Down Migration
DROP TABLE athena.projects;
