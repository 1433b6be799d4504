/** In the form that `athena migrate lint` and a reviewer ask for, so that the second migration is written like it. */
export function firstMigration(table: string): string {
  return `-- Why: notes that people write about a project. An example: replace it before the first release, and never after it.
-- Lock: SHARE ROW EXCLUSIVE on projects (a new foreign key): waits for open writers and stops new ones until done. 10 ms.
-- Up Migration
CREATE TABLE athena.${table} (
  project_id bigint NOT NULL,
  id bigint GENERATED ALWAYS AS IDENTITY,
  body text NOT NULL,
  created_at timestamptz NOT NULL DEFAULT now(),
  CONSTRAINT ${table}_pkey PRIMARY KEY (project_id, id),
  CONSTRAINT ${table}_project_fkey FOREIGN KEY (project_id) REFERENCES athena.projects (id) ON DELETE CASCADE,
  CONSTRAINT ${table}_body_size CHECK (
    body ~ '\\S'
    AND octet_length(body) <= 100000
  )
);

COMMENT ON TABLE athena.${table} IS 'What people noted about a project.';

COMMENT ON COLUMN athena.${table}.project_id IS 'The project; the note goes with it.';

COMMENT ON COLUMN athena.${table}.id IS 'Given by the database.';

COMMENT ON COLUMN athena.${table}.body IS 'The text, at most 100,000 bytes.';

COMMENT ON COLUMN athena.${table}.created_at IS 'When the note was written.';

-- Down Migration
DROP TABLE athena.${table};
`
}

export function firstFunction(table: string): string {
  return `-- The project comes first, as in every function of the store. Parameters are qualified by the function's name, since a column
-- may be called the same.
CREATE OR REPLACE FUNCTION athena.latest_${table} (project_id bigint, max_rows integer DEFAULT 10) RETURNS SETOF athena.${table} LANGUAGE plpgsql STABLE
SET
  search_path = pg_catalog,
  pg_temp AS $function$
BEGIN
  RETURN QUERY
  SELECT *
    FROM athena.${table} AS t
   WHERE t.project_id = latest_${table}.project_id
   ORDER BY t.id DESC
   LIMIT latest_${table}.max_rows;
END
$function$;

COMMENT ON FUNCTION athena.latest_${table} (bigint, integer) IS 'The latest notes of a project, the newest first.';
`
}
