import pg from 'pg'
import type { EmbeddingType } from '../../src/facts/server-facts.ts'

export interface Embeddings {
  dimensions: number
  type: EmbeddingType
  rows: number
}

/** Makes table `t` with column `e`: rows that all differ, in sixteen places, which is enough for a graph. */
export async function makeEmbeddings(client: pg.Client, { dimensions, type, rows }: Embeddings): Promise<void> {
  const value =
    type === 'bit'
      ? `(SELECT string_agg((random() > .5)::int::text, '') FROM generate_series(1, ${dimensions}) WHERE n = n)::bit(${dimensions})`
      : `((SELECT array_agg(random()::float4) FROM generate_series(1, 16) WHERE n = n) || array_fill(.5::float4, ARRAY[${dimensions - 16}]))::${type}(${dimensions})`
  await client.query(
    `CREATE EXTENSION IF NOT EXISTS vector; DROP TABLE IF EXISTS t; CREATE TABLE t (e ${type}(${dimensions}))`,
  )
  await client.query(`INSERT INTO t SELECT ${value} FROM generate_series(1, ${rows}) AS n`)
}

export function operatorClass(type: EmbeddingType): string {
  return type === 'bit' ? 'bit_hamming_ops' : `${type}_l2_ops`
}

/** Runs statements in a session of their own, and returns the notices that PostgreSQL sent. */
export async function noticesOf(url: string, statements: string[]): Promise<string[]> {
  const client = new pg.Client({ connectionString: url })
  const notices: string[] = []
  client.on('notice', ({ message }) => notices.push(message ?? ''))
  await client.connect()
  try {
    for (const statement of statements) await client.query(statement)
  } finally {
    await client.end()
  }
  return notices
}
