-- Why: how far a search looks and how it weighs what it finds is data, so that one project can be tuned without a
-- release. The key cannot be project_id, since the row for all projects has none: hence an id, and NULLS NOT DISTINCT.
-- Lock: SHARE ROW EXCLUSIVE on projects (a new foreign key), which blocks writes to it for the length of this file.
-- 15 ms.
-- Up Migration
-- With Citus a table with an identity and a foreign key to projects could not be distributed otherwise.
SET
  LOCAL citus.enable_local_reference_table_foreign_keys TO off;

CREATE TABLE athena.search_settings (
  id bigint GENERATED ALWAYS AS IDENTITY,
  project_id bigint,
  ef_search integer,
  probes integer,
  max_scan_tuples integer,
  exact_minimum_rows integer,
  exact_scan_factor double precision,
  vector_candidates integer,
  text_candidates integer,
  recent_candidates integer,
  semantic_weight double precision,
  text_weight double precision,
  recency_weight double precision,
  recency_decay_per_day double precision,
  similarity_threshold double precision,
  rank_fusion text,
  labile_window interval,
  updated_at timestamptz NOT NULL DEFAULT now(),
  CONSTRAINT search_settings_pkey PRIMARY KEY (id),
  CONSTRAINT search_settings_project_key UNIQUE NULLS NOT DISTINCT (project_id),
  CONSTRAINT search_settings_project_fkey FOREIGN KEY (project_id) REFERENCES athena.projects (id) ON DELETE CASCADE,
  CONSTRAINT search_settings_ef_search_range CHECK (ef_search BETWEEN 1 AND 1000),
  CONSTRAINT search_settings_probes_range CHECK (probes BETWEEN 1 AND 32768),
  CONSTRAINT search_settings_max_scan_tuples_range CHECK (max_scan_tuples >= 1),
  CONSTRAINT search_settings_exact_minimum_rows_range CHECK (exact_minimum_rows >= 0),
  CONSTRAINT search_settings_exact_scan_factor_range CHECK (exact_scan_factor BETWEEN 0 AND 1000000),
  CONSTRAINT search_settings_candidates_range CHECK (
    vector_candidates BETWEEN 1 AND 10000
    AND text_candidates BETWEEN 0 AND 10000
    AND recent_candidates BETWEEN 0 AND 10000
  ),
  CONSTRAINT search_settings_weights_range CHECK (
    semantic_weight BETWEEN 0 AND 1
    AND text_weight BETWEEN 0 AND 1
    AND recency_weight BETWEEN 0 AND 1
  ),
  CONSTRAINT search_settings_recency_decay_range CHECK (recency_decay_per_day BETWEEN 0 AND 100),
  CONSTRAINT search_settings_similarity_threshold_range CHECK (similarity_threshold BETWEEN -1 AND 1),
  CONSTRAINT search_settings_rank_fusion_known CHECK (rank_fusion IN ('weights', 'reciprocal_rank')),
  CONSTRAINT search_settings_labile_window_positive CHECK (labile_window > interval '0')
);

COMMENT ON TABLE athena.search_settings IS 'Settings of searches: one row for all projects (project_id null) and at most one for each project. A null falls back to the row for all, and there to what the search function was written with.';

COMMENT ON COLUMN athena.search_settings.id IS 'Given by the database; a primary key may not be null, and project_id is in one row.';

COMMENT ON COLUMN athena.search_settings.project_id IS 'Project that the row is for; null: all projects.';

COMMENT ON COLUMN athena.search_settings.ef_search IS 'hnsw.ef_search, candidates kept while walking the graph, 1 to 1000. Measured: 40 recall .915, 100 .963, 200 .968.';

COMMENT ON COLUMN athena.search_settings.probes IS 'ivfflat.probes, lists read by a search, 1 to 32768; pgvector recommends the square root of the number of lists.';

COMMENT ON COLUMN athena.search_settings.max_scan_tuples IS 'hnsw.max_scan_tuples, rows after which an iterative scan gives up.';

COMMENT ON COLUMN athena.search_settings.exact_minimum_rows IS 'A project of at most this many rows is searched exactly.';

COMMENT ON COLUMN athena.search_settings.exact_scan_factor IS 'A project is also searched exactly up to this factor times the square root of the rows of its partition.';

COMMENT ON COLUMN athena.search_settings.vector_candidates IS 'Nearest memories that enter the final ranking.';

COMMENT ON COLUMN athena.search_settings.text_candidates IS 'Best matches of the words that enter the final ranking.';

COMMENT ON COLUMN athena.search_settings.recent_candidates IS 'Latest memories that enter the final ranking.';

COMMENT ON COLUMN athena.search_settings.semantic_weight IS 'Weight of cosine similarity in the final ranking, 0 to 1.';

COMMENT ON COLUMN athena.search_settings.text_weight IS 'Weight of the text rank, normalised by the best candidate, 0 to 1.';

COMMENT ON COLUMN athena.search_settings.recency_weight IS 'Weight of age, 0 to 1.';

COMMENT ON COLUMN athena.search_settings.recency_decay_per_day IS 'Age counts as exp(- this × days): 0.01 halves in 69 days.';

COMMENT ON COLUMN athena.search_settings.similarity_threshold IS 'Cosine similarity under which a memory is no answer, -1 to 1.';

COMMENT ON COLUMN athena.search_settings.rank_fusion IS 'How the legs are joined: weights, or reciprocal_rank.';

COMMENT ON COLUMN athena.search_settings.labile_window IS 'How long after a retrieval a memory may be reconsolidated.';

COMMENT ON COLUMN athena.search_settings.updated_at IS 'When the row was last changed; set by the writer.';

-- Down Migration
DROP TABLE athena.search_settings;
