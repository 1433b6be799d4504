import { AthenaError } from '@athena-pg/database'
import type pg from 'pg'
import type { Unit } from './unit.ts'

/** How far one piece of work has got. */
export interface Progress {
  /** Key of the last row that was read, as text; null before the first. */
  lastKey: string | null
  checksum: string
  read: number
  written: number
  rejected: number
}

/** The schema beside the store that holds what an adoption has done: athena_adoption. */
const schema = `
CREATE SCHEMA IF NOT EXISTS athena_adoption;
COMMENT ON SCHEMA athena_adoption IS 'How far athena adopt has got, and which old id became which. athena adopt --finish drops it.';
CREATE TABLE IF NOT EXISTS athena_adoption.source (
  location text NOT NULL,
  schema_name text NOT NULL,
  started_at timestamptz NOT NULL DEFAULT now(),
  store regclass NOT NULL,
  PRIMARY KEY (location, schema_name)
);
COMMENT ON TABLE athena_adoption.source IS 'Where the rows come from: one row.';
COMMENT ON COLUMN athena_adoption.source.store IS 'The table of projects that they went to: a store that was made anew has another.';
CREATE TABLE IF NOT EXISTS athena_adoption.progress (
  unit text PRIMARY KEY,
  mapping_checksum text NOT NULL,
  last_key text,
  rows_read bigint NOT NULL DEFAULT 0,
  rows_written bigint NOT NULL DEFAULT 0,
  rows_rejected bigint NOT NULL DEFAULT 0,
  updated_at timestamptz NOT NULL DEFAULT now()
);
COMMENT ON TABLE athena_adoption.progress IS 'One row for each source table, or column of ids (table.column): written in the transaction of each batch.';
CREATE TABLE IF NOT EXISTS athena_adoption.ids (
  source_table text NOT NULL,
  old_id text NOT NULL,
  project_id bigint NOT NULL,
  new_id bigint NOT NULL,
  happened_at timestamptz,
  PRIMARY KEY (source_table, old_id)
);
COMMENT ON TABLE athena_adoption.ids IS 'Which id of ours an old one became; happened_at for events, whose key it is part of.';
CREATE TABLE IF NOT EXISTS athena_adoption.rejects (
  unit text NOT NULL,
  old_id text NOT NULL,
  column_name text,
  value text,
  code text NOT NULL,
  reason text NOT NULL,
  is_row boolean NOT NULL,
  rejected_at timestamptz NOT NULL DEFAULT now()
);
COMMENT ON TABLE athena_adoption.rejects IS 'What could not be taken over: whole rows (is_row), or ids that refer to nothing.';
CREATE INDEX IF NOT EXISTS rejects_unit ON athena_adoption.rejects (unit, is_row, old_id);`

export async function ledgerExists(client: pg.ClientBase): Promise<boolean> {
  const { rows } = await client.query("SELECT to_regclass('athena_adoption.progress') IS NOT NULL AS there")
  return rows[0].there
}

/** Makes the ledger where there is none. @throws AthenaError adoption_of_another_source, adoption_of_another_store */
export async function openLedger(client: pg.ClientBase, source: { location: string; schema: string }): Promise<void> {
  await refuseAnotherSource(client, source)
  await client.query('BEGIN')
  try {
    // Two that begin at once would both create the schema, and one fail.
    await client.query("SELECT pg_advisory_xact_lock(hashtextextended('athena_adoption', 0))")
    if (!(await ledgerExists(client))) await client.query(schema)
    await client.query(
      `INSERT INTO athena_adoption.source (location, schema_name, store) VALUES ($1, $2, 'athena.projects'::regclass)
       ON CONFLICT DO NOTHING`,
      [source.location, source.schema],
    )
    await client.query('COMMIT')
  } catch (error) {
    await client.query('ROLLBACK').catch(() => {})
    throw error
  }
  await refuseAnotherSource(client, source)
}

/**
 * The ledger has to be about this source and about this store. Going on in a store that was made anew would reject every row that is
 * left, for their projects are not there, and leave out those that the former one had.
 * @throws AthenaError adoption_of_another_source, adoption_of_another_store
 */
export async function refuseAnotherSource(
  client: pg.ClientBase,
  source: { location: string; schema: string },
): Promise<void> {
  if (!(await ledgerExists(client))) return
  const { rows: elsewhere } = await client.query(
    "SELECT FROM athena_adoption.source WHERE store::oid <> 'athena.projects'::regclass::oid",
  )
  if (elsewhere.length > 0) {
    throw new AthenaError({
      code: 'adoption_of_another_store',
      message: 'the adoption that was begun went into a store that is not there any more',
      detail: 'The tables of this store were made after it, so what athena_adoption says is here is not.',
      hint: 'Forget it with athena adopt --finish, and adopt anew. Nothing was written.',
    })
  }
  const { rows } = await client.query<{ location: string; schema_name: string }>(
    'SELECT location, schema_name FROM athena_adoption.source WHERE (location, schema_name) <> ($1, $2)',
    [source.location, source.schema],
  )
  const other = rows[0]
  if (!other) return
  throw new AthenaError({
    code: 'adoption_of_another_source',
    message: 'another store is being adopted into this one',
    detail: `Begun from schema ${other.schema_name} of ${other.location}; given is ${source.schema} of ${source.location}.`,
    hint: 'Go on with that one, or, when you are content with it, athena adopt --finish',
  })
}

export async function readProgress(client: pg.ClientBase): Promise<Map<string, Progress>> {
  if (!(await ledgerExists(client))) return new Map()
  const { rows } = await client.query(
    `SELECT unit, last_key AS "lastKey", mapping_checksum AS checksum, rows_read::int8::text AS read,
       rows_written::text AS written, rows_rejected::text AS rejected FROM athena_adoption.progress`,
  )
  return new Map(
    rows.map(({ unit, lastKey, checksum, read, written, rejected }) => [
      unit,
      { lastKey, checksum, read: Number(read), written: Number(written), rejected: Number(rejected) },
    ]),
  )
}

/** Half of a table by one mapping and half by another is what nobody wants. @throws AthenaError mapping_changed */
export function refuseChangedMapping(units: readonly Unit[], progress: ReadonlyMap<string, Progress>): void {
  const changed = units.filter(({ id, checksum }) => {
    const known = progress.get(id)
    return known !== undefined && known.lastKey !== null && known.checksum !== checksum
  })
  if (changed.length === 0) return
  throw new AthenaError({
    code: 'mapping_changed',
    message: 'the mapping has changed since these rows were adopted',
    detail: `Begun by another mapping or time zone: ${changed.map(({ id }) => id).join(', ')}.`,
    hint: 'Use the mapping that it was begun with. To use the new one for what was rejected, and for rows added since: --retry-rejects',
  })
}

/** After a retry by a changed mapping, that one is the mapping. */
export async function acceptMapping(client: pg.ClientBase, units: readonly Unit[]): Promise<void> {
  await client.query(
    `UPDATE athena_adoption.progress p SET mapping_checksum = u.checksum
       FROM unnest($1::text[], $2::text[]) AS u (id, checksum) WHERE p.unit = u.id`,
    [units.map(({ id }) => id), units.map(({ checksum }) => checksum)],
  )
}

/** Locks the row of the unit until the end of the transaction. @throws AthenaError adoption_running */
export async function lockProgress(client: pg.ClientBase, unit: Unit, lastKey: string | null): Promise<void> {
  await client.query(
    'INSERT INTO athena_adoption.progress (unit, mapping_checksum) VALUES ($1, $2) ON CONFLICT DO NOTHING',
    [unit.id, unit.checksum],
  )
  const { rows } = await client.query(
    'SELECT last_key IS NOT DISTINCT FROM $2 AS same FROM athena_adoption.progress WHERE unit = $1 FOR UPDATE',
    [unit.id, lastKey],
  )
  if (rows[0]?.same) return
  throw new AthenaError({
    code: 'adoption_running',
    message: 'another athena adopt is at work on this store',
    detail: `It has gone on with ${unit.id} in the meantime.`,
    hint: 'Let it finish; athena adopt again then does what is left.',
  })
}

export async function recordBatch(
  client: pg.ClientBase,
  unit: Unit,
  batch: { lastKey: string; read: number; written: number; rejected: number },
): Promise<void> {
  await client.query(
    `UPDATE athena_adoption.progress SET last_key = $2, mapping_checksum = $3, rows_read = rows_read + $4,
       rows_written = rows_written + $5, rows_rejected = rows_rejected + $6, updated_at = now() WHERE unit = $1`,
    [unit.id, batch.lastKey, unit.checksum, batch.read, batch.written, batch.rejected],
  )
}

export interface Reject {
  key: string
  column?: string | undefined
  value?: string | undefined
  code: string
  reason: string
  isRow: boolean
}

export async function recordRejects(client: pg.ClientBase, unit: Unit, rejects: readonly Reject[]): Promise<void> {
  if (rejects.length === 0) return
  await client.query(
    `INSERT INTO athena_adoption.rejects (unit, old_id, column_name, value, code, reason, is_row)
     SELECT $1, key, "column", left(value, 200), code, reason, "isRow"
       FROM json_to_recordset($2::json) AS r (key text, "column" text, value text, code text, reason text, "isRow" boolean)`,
    [unit.id, JSON.stringify(rejects)],
  )
}

/** What the ledger holds and nothing else does; undefined where there is none. */
export async function ledgerCounts(client: pg.ClientBase): Promise<{ ids: number; rejects: number } | undefined> {
  if (!(await ledgerExists(client))) return undefined
  const { rows } = await client.query<{ ids: string; rejects: string }>(
    `SELECT (SELECT count(*) FROM athena_adoption.ids)::text AS ids, (SELECT count(*) FROM athena_adoption.rejects)::text AS rejects`,
  )
  return { ids: Number(rows[0]?.ids), rejects: Number(rows[0]?.rejects) }
}

/** Drops the ledger; the adopted rows stay. @returns whether there was one */
export async function dropLedger(client: pg.ClientBase): Promise<boolean> {
  const there = await ledgerExists(client)
  if (there) await client.query('DROP SCHEMA athena_adoption CASCADE')
  return there
}
