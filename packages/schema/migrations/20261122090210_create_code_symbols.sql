-- Why: functions, classes and files of a project's code. The usual key of file and name fails on overloads, hence ordinal;
-- sizes are bounded so that the key always fits an index entry (2,704 bytes).
-- Lock: SHARE ROW EXCLUSIVE on projects (a new foreign key): waits for open writers and stops new ones until done. 15 ms.
-- Up Migration
-- With Citus a table with an identity and a foreign key to projects could not be distributed otherwise.
SET
  LOCAL citus.enable_local_reference_table_foreign_keys TO off;

CREATE TABLE athena.code_symbols (
  project_id bigint NOT NULL,
  id bigint GENERATED ALWAYS AS IDENTITY,
  file_path text NOT NULL,
  kind text NOT NULL,
  name text NOT NULL,
  ordinal smallint NOT NULL DEFAULT 1,
  language text,
  start_line integer,
  end_line integer,
  line_count integer,
  signature text,
  docstring text,
  semantic_hash text,
  complexity integer,
  dependencies TEXT[] NOT NULL DEFAULT '{}',
  metadata jsonb NOT NULL DEFAULT '{}',
  created_at timestamptz NOT NULL DEFAULT now(),
  analyzed_at timestamptz,
  CONSTRAINT code_symbols_pkey PRIMARY KEY (project_id, id),
  CONSTRAINT code_symbols_place_key UNIQUE (project_id, file_path, kind, name, ordinal),
  CONSTRAINT code_symbols_project_fkey FOREIGN KEY (project_id) REFERENCES athena.projects (id) ON DELETE CASCADE,
  CONSTRAINT code_symbols_file_path_size CHECK (octet_length(file_path) BETWEEN 1 AND 1000),
  CONSTRAINT code_symbols_kind_format CHECK (kind ~ '^[a-z][a-z0-9_]{0,62}$'),
  CONSTRAINT code_symbols_name_size CHECK (octet_length(name) BETWEEN 1 AND 1000),
  CONSTRAINT code_symbols_ordinal_range CHECK (ordinal >= 1),
  CONSTRAINT code_symbols_language_size CHECK (octet_length(language) BETWEEN 1 AND 63),
  CONSTRAINT code_symbols_lines CHECK (
    start_line >= 1
    AND end_line >= 1
    AND end_line >= start_line
  ),
  CONSTRAINT code_symbols_line_count_range CHECK (line_count >= 0),
  CONSTRAINT code_symbols_semantic_hash_size CHECK (octet_length(semantic_hash) BETWEEN 1 AND 128),
  CONSTRAINT code_symbols_complexity_range CHECK (complexity >= 0),
  CONSTRAINT code_symbols_metadata_object CHECK (jsonb_typeof(metadata) = 'object')
);

COMMENT ON TABLE athena.code_symbols IS 'Pieces of code with a name, as an analysis found them.';

COMMENT ON COLUMN athena.code_symbols.project_id IS 'Project of the code.';

COMMENT ON COLUMN athena.code_symbols.id IS 'Given by the database.';

COMMENT ON COLUMN athena.code_symbols.file_path IS 'File, relative to the project, with /; at most 1,000 bytes.';

COMMENT ON COLUMN athena.code_symbols.kind IS 'Known: file, module, class, function, method, constant, type. A project may add its own, in lower case with _.';

COMMENT ON COLUMN athena.code_symbols.name IS 'Name within the file, qualified as in Store.search; at most 1,000 bytes.';

COMMENT ON COLUMN athena.code_symbols.ordinal IS 'Which of those with the same kind and name in the file (overloads), from 1.';

COMMENT ON COLUMN athena.code_symbols.language IS 'Programming language, such as typescript.';

COMMENT ON COLUMN athena.code_symbols.start_line IS 'First line, from 1.';

COMMENT ON COLUMN athena.code_symbols.end_line IS 'Last line, inclusive.';

COMMENT ON COLUMN athena.code_symbols.line_count IS 'Lines of code, without comments and blank lines.';

COMMENT ON COLUMN athena.code_symbols.signature IS 'Declaration without its body.';

COMMENT ON COLUMN athena.code_symbols.docstring IS 'Documentation that stands with it.';

COMMENT ON COLUMN athena.code_symbols.semantic_hash IS 'Hash of the code without its formatting, by the analysis; equal: nothing to do.';

COMMENT ON COLUMN athena.code_symbols.complexity IS 'Cyclomatic complexity.';

COMMENT ON COLUMN athena.code_symbols.dependencies IS 'Names that it uses, as written; those that were found are code_links.';

COMMENT ON COLUMN athena.code_symbols.metadata IS 'Whatever else the analysis knows: a JSON object.';

COMMENT ON COLUMN athena.code_symbols.created_at IS 'When it was first seen.';

COMMENT ON COLUMN athena.code_symbols.analyzed_at IS 'When it was last analysed; set by the analysis.';

-- Down Migration
DROP TABLE athena.code_symbols;
