import { type GivenFacts, parseFacts } from '@athena-pg/policy'
import type pg from 'pg'

/** Rows, as the last ANALYZE counted them, embeddings and partitions of a store; nothing where there is none. */
export async function storeSize(client: pg.ClientBase): Promise<GivenFacts> {
  const { rows } = await client.query<Row>(
    `SELECT format_type(a.atttypid, a.atttypmod) AS type, leaves.count, leaves.rows
     FROM pg_catalog.pg_attribute a
     CROSS JOIN LATERAL (
       SELECT count(*)::int AS count, sum(c.reltuples) FILTER (WHERE c.reltuples >= 0) AS rows
       FROM pg_partition_tree(a.attrelid) tree JOIN pg_catalog.pg_class c ON c.oid = tree.relid
       WHERE tree.isleaf
     ) AS leaves
     WHERE a.attrelid = to_regclass('athena.memories') AND a.attname = 'embedding' AND NOT a.attisdropped`,
  )
  const row = rows[0]
  if (row === undefined) return {}
  const [, embeddingType, dimensions] = /(?:^|\.)(\w+)\((\d+)\)$/.exec(row.type) ?? []
  return parseFacts({
    embeddingType,
    dimensions,
    ...(row.count > 0 && { partitions: row.count }),
    // A table that was never analysed says nothing.
    ...(row.rows !== null && { rows: Math.round(row.rows) }),
  }).facts
}

interface Row {
  type: string
  count: number
  rows: number | null
}
