-- Why: the first partitions. hash: as many as project_partitions says (8 up to a million rows, 16 up to ten), named by
-- their remainder, so that the modulus can be doubled one partition at a time. list: one for all projects without one of
-- their own.
-- Lock: ACCESS EXCLUSIVE on memories, which is empty. 40 ms for 8 partitions.
-- Up Migration
SELECT
  set_config('athena.project_layout', :'project_layout', TRUE),
  set_config('athena.project_partitions', :'project_partitions', TRUE);

DO $$
DECLARE
  modulus CONSTANT integer := current_setting('athena.project_partitions')::integer;
BEGIN
  IF current_setting('athena.project_layout') = 'list' THEN
    CREATE TABLE athena.memories_rest PARTITION OF athena.memories DEFAULT;
    RETURN;
  END IF;
  FOR remainder IN 0 .. modulus - 1 LOOP
    EXECUTE format(
      'CREATE TABLE athena.%I PARTITION OF athena.memories FOR VALUES WITH (MODULUS %s, REMAINDER %s)',
      'memories_p' || lpad(remainder::text, greatest(2, length(remainder::text)), '0'), modulus, remainder
    );
  END LOOP;
END
$$;

-- Down Migration
DO $$
DECLARE
  partition regclass;
BEGIN
  FOR partition IN SELECT relid FROM pg_partition_tree('athena.memories') WHERE isleaf AND level > 0 LOOP
    EXECUTE format('DROP TABLE %s', partition);
  END LOOP;
END
$$;
