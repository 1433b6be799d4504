-- Why: the settings of all projects, in one visible row to change. Numbers measured on 207,530 real rows: ef_search 100 gave
-- recall .963 at 2.1 ms; exact search wins up to greatest(1000, 14 × sqrt(rows of the partition)) rows; 200 candidates of
-- each leg give the same top ten as ranking everything. Weights: the guide's.
-- Lock: none but the row's. 3 ms.
-- Up Migration
INSERT INTO
  athena.search_settings (
    project_id,
    ef_search,
    probes,
    max_scan_tuples,
    exact_minimum_rows,
    exact_scan_factor,
    vector_candidates,
    text_candidates,
    recent_candidates,
    semantic_weight,
    text_weight,
    recency_weight,
    recency_decay_per_day,
    similarity_threshold,
    rank_fusion,
    labile_window
  )
VALUES
  (NULL, 100, 10, 20000, 1000, 14, 200, 200, 50, .5, .3, .2, .01, -1, 'weights', interval '1 hour');

-- Down Migration
DELETE FROM athena.search_settings
WHERE
  project_id IS NULL;
