-- One row for each leaf, so that doctor, dashboard and jobs need not know how the catalogue tells bounds. On a Citus
-- coordinator sizes and rows are those of empty shells: ask citus_total_relation_size there.
CREATE OR REPLACE FUNCTION athena.describe_partitions (parent regclass DEFAULT NULL) RETURNS TABLE (
  parent_name text,
  partition_name text,
  strategy text,
  bounds text,
  lower_bound timestamptz,
  upper_bound timestamptz,
  is_default boolean,
  estimated_rows bigint,
  total_bytes bigint,
  table_bytes bigint,
  index_bytes bigint
) LANGUAGE plpgsql STABLE
SET
  search_path = pg_catalog,
  pg_temp
SET
  timezone = 'UTC'
SET
  datestyle = 'ISO, YMD' AS $function$
BEGIN
  RETURN QUERY
  SELECT format('%I.%I', rn.nspname, r.relname),
         format('%I.%I', ln.nspname, l.relname),
         CASE p.partstrat WHEN 'h' THEN 'hash' WHEN 'l' THEN 'list' ELSE 'range' END,
         x.bound,
         CASE WHEN x.is_time THEN nullif(x.ends[1], 'MINVALUE')::timestamptz END,
         CASE WHEN x.is_time THEN nullif(x.ends[2], 'MAXVALUE')::timestamptz END,
         x.bound = 'DEFAULT',
         nullif(l.reltuples, -1)::bigint,
         pg_total_relation_size(l.oid),
         pg_table_size(l.oid),
         pg_indexes_size(l.oid)
    FROM pg_partitioned_table p
    JOIN pg_class r ON r.oid = p.partrelid
    JOIN pg_namespace rn ON rn.oid = r.relnamespace
    JOIN pg_inherits i ON i.inhparent = r.oid
    JOIN pg_class l ON l.oid = i.inhrelid AND l.relkind <> 'p'
    JOIN pg_namespace ln ON ln.oid = l.relnamespace
   CROSS JOIN LATERAL (
         SELECT pg_get_expr(l.relpartbound, l.oid) AS bound,
                regexp_match(
                  replace(pg_get_expr(l.relpartbound, l.oid), '''', ''), '^FOR VALUES FROM \((.*)\) TO \((.*)\)$'
                ) AS ends,
                p.partstrat = 'r' AND p.partnatts = 1 AND EXISTS (
                  SELECT FROM pg_attribute k
                   WHERE k.attrelid = r.oid AND k.attnum = p.partattrs[0] AND k.atttypid = 'timestamptz'::regtype
                ) AS is_time
         ) AS x
   WHERE CASE WHEN describe_partitions.parent IS NULL THEN rn.nspname = 'athena' ELSE r.oid = describe_partitions.parent END
   ORDER BY 1, 5, 2;
END
$function$;

COMMENT ON FUNCTION athena.describe_partitions (regclass) IS 'One row for each partition of a table, or of all tables in schema athena: bounds (as times where the key is a timestamptz; null is unbounded), rows as last estimated (null: never analysed) and sizes in bytes.';
