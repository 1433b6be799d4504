import { AthenaError } from '@athena-pg/database'
import type pg from 'pg'

export interface Column {
  name: string
  /** As format_type writes it: `character varying(50)`, `vector(768)`, `bigint[]`. */
  type: string
  notNull: boolean
  /** Expression of its default. */
  default: string | null
  isGenerated: boolean
  isIdentity: boolean
  /** Columns of a reference's other table, by foreign keys of one column. */
  refers: string | null
}

export interface Table {
  name: string
  columns: Column[]
  /** Of the primary key. */
  key: string[]
  readable: boolean
}

/** Tables of a schema, as the catalogue has them; partitions are left out, what they are of is not. */
async function tablesOf(client: pg.ClientBase, schema: string): Promise<Map<string, Table>> {
  const { rows } = await client.query<{ name: string; columns: Column[]; key: string[]; readable: boolean }>(question, [
    schema,
  ])
  return new Map(rows.map((row) => [row.name, row]))
}

/** @throws AthenaError schema_missing */
export async function sourceTables(client: pg.ClientBase, schema: string): Promise<Map<string, Table>> {
  const tables = await tablesOf(client, schema)
  if (tables.size > 0) return tables
  const { rows } = await client.query<{ name: string }>(
    `SELECT DISTINCT n.nspname AS name FROM pg_catalog.pg_class c JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
      WHERE c.relkind IN ('r', 'p') AND n.nspname !~ '^(pg_|information_schema$|athena)' ORDER BY 1 LIMIT 20`,
  )
  throw new AthenaError({
    code: 'schema_missing',
    message: `there is no table in schema ${schema} of the source`,
    detail:
      rows.length === 0
        ? 'No other schema has tables either.'
        : `There are tables in ${rows.map(({ name }) => name).join(', ')}.`,
    hint: 'Name the schema that holds the old tables: athena adopt --from SCHEMA, or --schema SCHEMA beside a URL',
  })
}

/**
 * @param where `in the target`, where there are two stores
 * @throws AthenaError store_missing
 */
export async function storeTables(client: pg.ClientBase, where = 'in this database'): Promise<Map<string, Table>> {
  const tables = await tablesOf(client, 'athena')
  const missing = ['projects', 'memories', 'memory_access', 'episodic_events'].filter((each) => !tables.has(each))
  if (missing.length === 0) return tables
  throw new AthenaError({
    code: 'store_missing',
    message: `there is no store ${where} yet`,
    detail: `There is no table ${missing.map((each) => `athena.${each}`).join(', ')}.`,
    hint: where === 'in this database' ? 'athena migrate up' : 'athena migrate up --database-url URL',
  })
}

const question = `
SELECT c.relname AS name, has_table_privilege(c.oid, 'SELECT') AS readable,
  coalesce((
    SELECT json_agg(json_build_object(
      'name', a.attname, 'type', format_type(a.atttypid, a.atttypmod), 'notNull', a.attnotnull,
      'default', pg_get_expr(d.adbin, d.adrelid), 'isGenerated', a.attgenerated <> '', 'isIdentity', a.attidentity <> '',
      'refers', (
        SELECT r.relname FROM pg_catalog.pg_constraint f JOIN pg_catalog.pg_class r ON r.oid = f.confrelid
         WHERE f.contype = 'f' AND f.conrelid = c.oid AND f.conkey = ARRAY[a.attnum] LIMIT 1
      )) ORDER BY a.attnum)
      FROM pg_catalog.pg_attribute a LEFT JOIN pg_catalog.pg_attrdef d ON d.adrelid = a.attrelid AND d.adnum = a.attnum
     WHERE a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped
  ), '[]') AS columns,
  coalesce((
    SELECT json_agg(a.attname ORDER BY array_position(p.conkey, a.attnum))
      FROM pg_catalog.pg_constraint p JOIN pg_catalog.pg_attribute a ON a.attrelid = p.conrelid AND a.attnum = ANY (p.conkey)
     WHERE p.contype = 'p' AND p.conrelid = c.oid
  ), '[]') AS key
FROM pg_catalog.pg_class c JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
WHERE n.nspname = $1 AND c.relkind IN ('r', 'p') AND NOT c.relispartition
ORDER BY c.relname`
