import type { TableAdvice } from '../recommendation.ts'

/**
 * SQL that sets the parameters, for psql or any client, and may be run again. PostgreSQL has none on a partitioned table, so
 * there they are set on its partitions: again when new ones have been made.
 */
export function tablesSql(tables: readonly TableAdvice[], schema = 'athena'): string {
  return tables.map((advice) => (advice.partitioned ? eachPartition(advice, schema) : table(advice, schema))).join('\n')
}

function table({ table, parameters }: TableAdvice, schema: string): string {
  return `ALTER TABLE ${schema}.${table} SET (${list(parameters)});\n`
}

function eachPartition({ table, parameters }: TableAdvice, schema: string): string {
  return `DO $$
DECLARE
  partition regclass;
BEGIN
  FOR partition IN SELECT relid FROM pg_catalog.pg_partition_tree('${schema}.${table}') WHERE isleaf LOOP
    EXECUTE format('ALTER TABLE %s SET (${list(parameters)})', partition);
  END LOOP;
END
$$;
`
}

function list(parameters: TableAdvice['parameters']): string {
  return parameters.map(({ name, value }) => `${name} = ${value}`).join(', ')
}
