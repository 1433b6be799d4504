-- Why: which code uses which. Both directions by one row: dependents are the links to a symbol.
-- Lock: SHARE ROW EXCLUSIVE on code_symbols (new foreign keys): waits for open writers and stops new ones until done.
-- 10 ms.
-- Up Migration
CREATE TABLE athena.code_links (
  project_id bigint NOT NULL,
  from_symbol_id bigint NOT NULL,
  to_symbol_id bigint NOT NULL,
  kind text NOT NULL,
  strength double precision NOT NULL DEFAULT 1,
  created_at timestamptz NOT NULL DEFAULT now(),
  CONSTRAINT code_links_pkey PRIMARY KEY (project_id, from_symbol_id, to_symbol_id, kind),
  CONSTRAINT code_links_from_fkey FOREIGN KEY (project_id, from_symbol_id) REFERENCES athena.code_symbols (project_id, id) ON DELETE CASCADE,
  CONSTRAINT code_links_to_fkey FOREIGN KEY (project_id, to_symbol_id) REFERENCES athena.code_symbols (project_id, id) ON DELETE CASCADE,
  CONSTRAINT code_links_kind_format CHECK (kind ~ '^[a-z][a-z0-9_]{0,62}$'),
  CONSTRAINT code_links_strength_range CHECK (
    strength >= 0
    AND strength < 'infinity'
  )
);

CREATE INDEX idx_code_links_to ON athena.code_links (project_id, to_symbol_id);

COMMENT ON TABLE athena.code_links IS 'Directed dependencies between two pieces of code; a symbol may depend on itself (recursion).';

COMMENT ON COLUMN athena.code_links.project_id IS 'Project of both.';

COMMENT ON COLUMN athena.code_links.from_symbol_id IS 'Code that depends; the link goes with it.';

COMMENT ON COLUMN athena.code_links.to_symbol_id IS 'Code that is depended on; the link goes with it.';

COMMENT ON COLUMN athena.code_links.kind IS 'Known: imports, calls, extends, implements. A project may add its own, in lower case with _.';

COMMENT ON COLUMN athena.code_links.strength IS 'Coupling, from 0; 1 for a single use.';

COMMENT ON COLUMN athena.code_links.created_at IS 'When the link was found.';

-- Down Migration
DROP TABLE athena.code_links;
