-- Why not CREATE TABLE … PARTITION OF: that takes ACCESS EXCLUSIVE on the parent, which stops every reader and writer and
-- queues behind the longest of them. LIKE, then ATTACH, takes SHARE UPDATE EXCLUSIVE on the parent; and SHARE ROW EXCLUSIVE
-- on tables that the parent refers to (projects, consolidations), which waits for their writers and stops new ones until
-- commit: set lock_timeout and call it in a transaction of its own (10 ms a month). A DEFAULT partition, which ours do not
-- have, is locked and scanned. The new table is empty, so the scan that a CHECK would spare reads nothing, and none is made.
CREATE OR REPLACE FUNCTION athena.ensure_partitions (
  -- Evaluated at each call: a constant would make the function depend on the table, which then could not be dropped.
  parent regclass DEFAULT to_regclass('athena.episodic_events'),
  months_ahead integer DEFAULT 12,
  starting timestamptz DEFAULT now()
) RETURNS SETOF text LANGUAGE plpgsql VOLATILE
SET
  search_path = pg_catalog,
  pg_temp
SET
  timezone = 'UTC'
SET
  datestyle = 'ISO, YMD' AS $function$
DECLARE
  table_oid CONSTANT oid := parent::oid;
  table_name name;
  schema_name name;
  table_owner name;
  clauses text; -- what PARTITION OF would take over from the parent and LIKE does not
  covered tstzmultirange;
  month_start timestamptz;
  month_end timestamptz;
  partition_name text;
BEGIN
  IF months_ahead IS NULL OR months_ahead NOT BETWEEN 0 AND 1200 OR starting IS NULL OR NOT isfinite(starting) THEN
    RAISE EXCEPTION 'months_ahead must be 0 to 1200 and starting a finite time, not % and %', months_ahead, starting
      USING ERRCODE = 'invalid_parameter_value';
  END IF;
  SELECT c.relname, n.nspname, pg_get_userbyid(c.relowner),
         coalesce(' USING ' || quote_ident(a.amname), '') || coalesce(' TABLESPACE ' || quote_ident(t.spcname), '')
    INTO table_name, schema_name, table_owner, clauses
    FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
    LEFT JOIN pg_am a ON a.oid = c.relam LEFT JOIN pg_tablespace t ON t.oid = c.reltablespace
   WHERE c.oid = table_oid;
  IF NOT FOUND THEN
    RAISE EXCEPTION 'there is no such table to make partitions of'
      USING ERRCODE = 'undefined_table', HINT = 'Apply the migrations of @athena-pg/schema first: athena migrate up.';
  END IF;
  PERFORM FROM pg_partitioned_table p JOIN pg_attribute k ON k.attrelid = p.partrelid AND k.attnum = p.partattrs[0]
    WHERE p.partrelid = table_oid AND p.partstrat = 'r' AND p.partnatts = 1 AND k.atttypid = 'timestamptz'::regtype;
  IF NOT FOUND THEN
    RAISE EXCEPTION '%.% is not partitioned by RANGE of one timestamptz column', quote_ident(schema_name), quote_ident(table_name)
      USING ERRCODE = 'wrong_object_type',
            DETAIL = coalesce('It is partitioned by ' || pg_get_partkeydef(table_oid) || '.', 'It is not partitioned.'),
            HINT = 'Monthly partitions need PARTITION BY RANGE (column) with column timestamptz.';
  END IF;

  -- One caller at a time for each parent; the next one sees what this one made.
  PERFORM pg_advisory_xact_lock(hashtextextended('athena.ensure_partitions', table_oid::bigint));
  SELECT coalesce(range_agg(tstzrange(
           nullif(b.bounds[1], 'MINVALUE')::timestamptz, nullif(b.bounds[2], 'MAXVALUE')::timestamptz)), '{}')
    INTO covered
    FROM pg_inherits i JOIN pg_class c ON c.oid = i.inhrelid,
         regexp_match(replace(pg_get_expr(c.relpartbound, c.oid), '''', ''), '^FOR VALUES FROM \((.*)\) TO \((.*)\)$') AS b(bounds)
   WHERE i.inhparent = table_oid AND NOT i.inhdetachpending AND b.bounds IS NOT NULL;

  FOR ahead IN 0 .. months_ahead LOOP
    month_start := date_trunc('month', starting) + make_interval(months => ahead);
    month_end := month_start + interval '1 month';
    CONTINUE WHEN tstzrange(month_start, month_end) <@ covered;
    partition_name := table_name || '_' || to_char(month_start, 'YYYY_MM');
    IF octet_length(partition_name) > 63 THEN
      RAISE EXCEPTION 'the name of partition % would be longer than 63 bytes', partition_name
        USING ERRCODE = 'name_too_long', HINT = 'Rename the table to at most 55 bytes.';
    END IF;
    IF covered && tstzrange(month_start, month_end) THEN
      RAISE EXCEPTION 'part of % already belongs to another partition of %.%',
        to_char(month_start, 'YYYY-MM'), quote_ident(schema_name), quote_ident(table_name)
        USING ERRCODE = 'invalid_object_definition', DETAIL = format('Covered are %s.', covered),
              HINT = 'Create the missing part by hand, or start after it.';
    END IF;
    IF to_regclass(format('%I.%I', schema_name, partition_name)) IS NOT NULL THEN
      RAISE EXCEPTION 'relation %.% already exists and is not a partition of %', quote_ident(schema_name), quote_ident(partition_name), table_name
        USING ERRCODE = 'duplicate_table',
              HINT = 'If it is a month that was detached: ALTER TABLE … ATTACH PARTITION it again, rename it, or drop it.';
    END IF;
    EXECUTE format('CREATE TABLE %1$I.%2$I (LIKE %1$I.%3$I INCLUDING DEFAULTS INCLUDING GENERATED INCLUDING CONSTRAINTS'
        || ' INCLUDING STORAGE INCLUDING COMPRESSION)%4$s', schema_name, partition_name, table_name, clauses);
    IF table_owner <> current_user THEN
      EXECUTE format('ALTER TABLE %I.%I OWNER TO %I', schema_name, partition_name, table_owner);
    END IF;
    EXECUTE format('ALTER TABLE %1$I.%2$I ATTACH PARTITION %1$I.%3$I FOR VALUES FROM (%4$L) TO (%5$L)',
      schema_name, table_name, partition_name, month_start, month_end);
    RETURN NEXT format('%I.%I', schema_name, partition_name);
  END LOOP;
END
$function$;

COMMENT ON FUNCTION athena.ensure_partitions (regclass, integer, timestamptz) IS 'Makes the missing monthly partitions (in UTC) of a table partitioned by RANGE of a timestamptz, from the month of starting to months_ahead after it, and returns their names. Blocks neither reads nor writes of the table; safe to call from several sessions and as often as one likes. The caller must own the table.';
