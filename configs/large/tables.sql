-- Storage parameters of tables, profile large. Made by `athena tune`; make it anew rather than edit it.
--
--   PostgreSQL 18 with pgvector 0.8.7; its build takes wal_compression pglz lz4 zstd,
--   default_toast_compression pglz lz4, io_method sync worker
--   64 GB of memory, 16 cpus, storage ssd
--   workload agent-memory, 77 connections, 64 of them active at once, PgBouncer in front, 1 application
--   process, no replica, WAL not archived
--   memories not counted, 768 dimensions as halfvec, in 8 partitions
--
-- A partitioned table takes none, so they are set on its partitions. What is set already is left alone, so
-- this can be run again: after partitions have been added, too. Takes SHARE UPDATE EXCLUSIVE on each, which
-- reading and writing go on beside, and gives up after 5 s of waiting.

DO $tables$
DECLARE
  advice record;
  leaf regclass;
BEGIN
  PERFORM set_config('lock_timeout', '5s', true);
  FOR advice IN
    SELECT
      relation,
      string_agg(format('%s = %L', name, value), ', ') AS parameters,
      array_agg(format('%s=%s', name, value)) AS options
    FROM
      (VALUES
        -- Vacuum mends the graph in 5 to 17 ms for each dead row, searches count dead rows among their
        -- candidates, and every new row leaves one when it is indexed. At 2 % of the rows of a partition
        -- instead of 10 %: small bites.
        ('athena.memories', 'autovacuum_vacuum_scale_factor', '0.02'),
        -- After 5 % of new rows instead of 20 %: it empties the pending list of the full-text index, which
        -- every search of words reads, and touches no graph when no row is dead.
        ('athena.memories', 'autovacuum_vacuum_insert_scale_factor', '0.05'),
        -- The search functions compare a project's rows with 14 x sqrt(rows of the partition by statistics):
        -- 5 % off there are 2.5 % here. Not more often: a sample of 30,000 rows reads about as many pages,
        -- since two to four rows fill one.
        ('athena.memories', 'autovacuum_analyze_scale_factor', '0.05'),
        -- The same as for the server, but of its own: a table that has a limit does not share one with the
        -- other workers, and mending a graph is the longest work there is.
        ('athena.memories', 'autovacuum_vacuum_cost_limit', '1333'),
        -- As the table was made: a fifth of each page, some twenty rows, is kept free for updates that stay
        -- on the page and so touch no index (HOT). A change counts for pages written from then on.
        ('athena.memory_access', 'fillfactor', '80'),
        -- Few dead rows at a time keep each row next to its successor: at 5 % of the rows.
        ('athena.memory_access', 'autovacuum_vacuum_scale_factor', '0.05'),
        -- The table is small: about 90 bytes a row with its key. Vacuum is done with it before waiting pays.
        ('athena.memory_access', 'autovacuum_vacuum_cost_delay', '0'),
        -- Rows are added and hardly ever die, so inserts have to call vacuum: after 5 % of new rows instead
        -- of 20 %. It marks pages as visible to all and empties the pending list of the index on context.
        ('athena.episodic_events', 'autovacuum_vacuum_insert_scale_factor', '0.05'),
        -- A month that is over is never written again: rows frozen by the vacuum that comes anyway spare
        -- reading all months at once when transaction ids run short.
        ('athena.episodic_events', 'autovacuum_freeze_min_age', '0'),
        -- Each event leaves one dead row when it is consolidated, in runs of thousands: at 10 % of the month.
        -- There is no vector index to mend.
        ('athena.episodic_events', 'autovacuum_vacuum_scale_factor', '0.1')
      ) AS told (relation, name, value)
    GROUP BY relation
    ORDER BY relation
  LOOP
    IF to_regclass(advice.relation) IS NULL THEN
      RAISE NOTICE 'there is no table %', advice.relation;
    END IF;
    FOR leaf IN
      SELECT oid
      FROM pg_class
      WHERE
        relkind = 'r'
        AND (
          oid = to_regclass(advice.relation)
          OR oid IN (SELECT relid FROM pg_partition_tree(to_regclass(advice.relation)))
        )
        AND NOT coalesce(reloptions, '{}') @> advice.options
      ORDER BY oid::regclass::text
    LOOP
      EXECUTE format('ALTER TABLE %s SET (%s)', leaf, advice.parameters);
    END LOOP;
  END LOOP;
END
$tables$;

-- To undo:
--   DO $tables$
--   DECLARE
--     advice record;
--     leaf regclass;
--   BEGIN
--     FOR advice IN
--       SELECT relation, names
--       FROM
--         (VALUES
--           ('athena.memories', 'autovacuum_vacuum_scale_factor, autovacuum_vacuum_insert_scale_factor, autovacuum_analyze_scale_factor, autovacuum_vacuum_cost_limit'),
--           ('athena.memory_access', 'autovacuum_vacuum_scale_factor, autovacuum_vacuum_cost_delay'),
--           ('athena.episodic_events', 'autovacuum_vacuum_insert_scale_factor, autovacuum_freeze_min_age, autovacuum_vacuum_scale_factor')
--         ) AS told (relation, names)
--     LOOP
--       FOR leaf IN
--         SELECT oid
--         FROM pg_class
--         WHERE
--           relkind = 'r'
--           AND (
--             oid = to_regclass(advice.relation)
--             OR oid IN (SELECT relid FROM pg_partition_tree(to_regclass(advice.relation)))
--           )
--         ORDER BY oid::regclass::text
--       LOOP
--         EXECUTE format('ALTER TABLE %s RESET (%s)', leaf, advice.names);
--       END LOOP;
--     END LOOP;
--   END
--   $tables$;
