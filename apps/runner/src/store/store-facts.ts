import { AthenaError } from '@athena-pg/database'
import type pg from 'pg'

/** What reading and writing memories needs to know about how the store was installed. */
export interface StoreFacts {
  /** `public.halfvec`, quoted where needed: the type of embeddings. */
  embeddingType: string
  dimensions: number
  /** Schema of pgvector, quoted where needed: its operators are named with it. */
  vectorSchema: string
  /** The text search configuration, as `pg_catalog.english`. */
  textSearch: string
}

/** @throws AthenaError store_missing */
export async function storeFacts(client: pg.ClientBase): Promise<StoreFacts> {
  const { rows } = await client.query<{ schema: string; type: string; dimensions: number; text_search: string }>(
    question,
  )
  const row = rows[0]
  if (row) {
    return {
      embeddingType: `${row.schema}.${row.type}`,
      dimensions: row.dimensions,
      vectorSchema: row.schema,
      textSearch: row.text_search,
    }
  }
  throw new AthenaError({
    code: 'store_missing',
    message: 'there is no store in this database yet',
    detail: 'The table athena.memories does not exist.',
    hint: 'athena migrate up',
  })
}

// Read from the catalogue, not from the configuration: the file may have been changed since the store was installed.
const question = `
SELECT quote_ident(n.nspname) AS schema, quote_ident(t.typname) AS type, e.atttypmod AS dimensions,
  substring(pg_get_expr(d.adbin, d.adrelid) from '''([^'']+)''::regconfig') AS text_search
FROM pg_catalog.pg_attribute e
JOIN pg_catalog.pg_type t ON t.oid = e.atttypid
JOIN pg_catalog.pg_namespace n ON n.oid = t.typnamespace
JOIN pg_catalog.pg_attribute f ON f.attrelid = e.attrelid AND f.attname = 'fts'
JOIN pg_catalog.pg_attrdef d ON d.adrelid = f.attrelid AND d.adnum = f.attnum
WHERE e.attrelid = to_regclass('athena.memories') AND e.attname = 'embedding'`
