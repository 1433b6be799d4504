import type pg from 'pg'
import { name, text } from './sql.ts'

/** A source row: its columns as text, and its key under a name that no column has. */
export type SourceRow = Record<string, string | null> & { athena_key: string }

export interface Reading {
  schema: string
  source: string
  key: string
  keyType: string
  columns: readonly string[]
  /** Only rows that hold something in this column. */
  only?: string | undefined
}

/** Characters in one batch: the embedded database has a memory of 32 bits, and a statement is there several times. */
const batchLength = 4_000_000

/**
 * The next rows after a key, at most `limit` and about four million characters. In a read-only transaction of its own: the source is
 * never written, and on the embedded database the same session writes next.
 */
export async function readBatch(
  client: pg.ClientBase,
  reading: Reading,
  after: string | null,
  limit: number,
): Promise<SourceRow[]> {
  const { columns, key, only } = reading
  const list = columns.map((each, at) => `t.${name(each)}::text AS c${at}`)
  const conditions = [
    ...(after === null ? [] : [`t.${name(key)} > ${text(after)}::${reading.keyType}`]),
    ...(only === undefined ? [] : [`t.${name(only)} IS NOT NULL`]),
  ]
  const length = columns.map((_, at) => `coalesce(length(c${at}), 0)`).join(' + ')
  const sql = `
    SELECT key, ${columns.map((_, at) => `c${at}`).join(', ')}
      FROM (SELECT *, sum(${length}) OVER w AS total, row_number() OVER w AS place
              FROM (SELECT t.${name(key)}::text AS key, t.${name(key)} AS k, ${list.join(', ')}
                      FROM ${name(reading.schema)}.${name(reading.source)} AS t
                     ${conditions.length === 0 ? '' : `WHERE ${conditions.join(' AND ')}`}
                     ORDER BY t.${name(key)} LIMIT ${limit}) AS read
            WINDOW w AS (ORDER BY k ROWS UNBOUNDED PRECEDING)) AS measured
     WHERE place = 1 OR total <= ${batchLength} ORDER BY place`
  const rows = await readOnly(client, async () => (await client.query(sql)).rows)
  return rows.map((row) => ({
    athena_key: row.key,
    ...Object.fromEntries(columns.map((column, at) => [column, row[`c${at}`]])),
  }))
}

/** Runs `work` in a transaction that cannot write, with the settings by which values are read as text. */
export async function readOnly<T>(client: pg.ClientBase, work: () => Promise<T>): Promise<T> {
  await client.query('BEGIN TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY')
  try {
    await client.query(textForm)
    const result = await work()
    await client.query('COMMIT')
    return result
  } catch (error) {
    await client.query('ROLLBACK').catch(() => {})
    throw error
  }
}

/** Values as text in one form, whatever the database, the role or a server's file says. */
export const textForm: string = `SET LOCAL TimeZone = 'UTC'; SET LOCAL DateStyle = 'ISO, YMD'; SET LOCAL IntervalStyle = 'postgres';
  SET LOCAL extra_float_digits = 1; SET LOCAL bytea_output = 'hex'; SET LOCAL standard_conforming_strings = on`
