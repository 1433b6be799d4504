import { identifier, literal } from '@athena-pg/database'
import type pg from 'pg'

/** A source row: its columns as text, and its key under a name that no column has. */
export type SourceRow = Record<string, string | null> & { athena_key: string }

export interface Reading {
  schema: string
  source: string
  /** Columns by which rows are ordered, unique together. */
  keys: readonly { name: string; type: string }[]
  columns: readonly string[]
  /** Only rows that hold something in this column. */
  only?: string | undefined
  /** A condition over `t`. */
  where?: string | undefined
}

/** Characters in one batch: the embedded database has a memory of 32 bits, and a statement is there several times. */
const batchLength = 4_000_000

/**
 * The next rows after a key, at most `limit` and about four million characters. In a read-only transaction of its own: the source is
 * never written, and on the embedded database the same session writes next.
 */
export function readBatch(
  client: pg.ClientBase,
  reading: Reading,
  after: readonly string[] | null,
  limit: number,
): Promise<SourceRow[]> {
  return readOnly(client, () => readRows(client, reading, after, limit))
}

/** As readBatch, in the transaction that is open. */
export async function readRows(
  client: pg.ClientBase,
  reading: Reading,
  after: readonly string[] | null,
  limit: number,
): Promise<SourceRow[]> {
  const { columns, keys, only, where } = reading
  const list = columns.map((each, at) => `t.${identifier(each)}::text AS c${at}`)
  const order = keys.map((each) => `t.${identifier(each.name)}`).join(', ')
  const bound = keys.map(({ type }, at) => `${literal(after?.[at] ?? '')}::${type}`).join(', ')
  const conditions = [
    ...(after === null ? [] : [`(${order}) > (${bound})`]),
    ...(only === undefined ? [] : [`t.${identifier(only)} IS NOT NULL`]),
    ...(where === undefined ? [] : [where]),
  ]
  const length = columns.map((_, at) => `coalesce(length(c${at}), 0)`).join(' + ')
  const sql = `
    SELECT key, ${columns.map((_, at) => `c${at}`).join(', ')}
      FROM (SELECT *, sum(${length}) OVER (ORDER BY place ROWS UNBOUNDED PRECEDING) AS total
              FROM (SELECT t.${identifier(keys[0]?.name ?? '')}::text AS key, row_number() OVER (ORDER BY ${order}) AS place, ${list.join(', ')}
                      FROM ${identifier(reading.schema)}.${identifier(reading.source)} AS t
                     ${conditions.length === 0 ? '' : `WHERE ${conditions.join(' AND ')}`}
                     ORDER BY ${order} LIMIT ${limit}) AS read) AS measured
     WHERE place = 1 OR total <= ${batchLength} ORDER BY place`
  const { rows } = await client.query(sql)
  return rows.map((row) => ({
    ...Object.fromEntries(columns.map((column, at) => [column, row[`c${at}`]])),
    athena_key: row.key,
  }))
}

/** How many rows to ask for next: where the last batch was cut for its length, not many more than it had, for they are read in vain. */
export function nextLimit(asked: number, got: number, most: number): number {
  return got < asked ? Math.min(most, Math.ceil(got * 1.2)) : Math.min(most, asked * 2)
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
