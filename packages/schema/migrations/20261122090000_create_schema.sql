-- Why: everything of ours lives in the schema athena, and the vector types come from an extension which some
-- providers keep in a schema of their own (Supabase: extensions), so that schema is a variable.
-- Lock: none on existing tables. 40 ms, most of it loading the extension.
-- Up Migration
CREATE SCHEMA IF NOT EXISTS :"vector_schema";

CREATE EXTENSION IF NOT EXISTS vector
WITH
  SCHEMA :"vector_schema";

CREATE SCHEMA athena;

COMMENT ON SCHEMA athena IS 'Agent memory: memories, events, plans and code, each row belonging to one project.';

-- Down Migration
-- The extension stays: others in this database may use its types, and dropping it would take their columns along.
DROP SCHEMA athena;
