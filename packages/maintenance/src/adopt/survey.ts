import { AthenaError, identifier, literal } from '@athena-pg/database'
import type pg from 'pg'
import type { Table } from './catalogues.ts'
import type { Progress } from './ledger.ts'
import { readOnly } from './read-batch.ts'
import type { Resolved } from './resolve.ts'
import { isVector } from './suggest.ts'
import type { RowUnit, Unit } from './unit.ts'

/** What is there to copy, and what will not be as it was. */
export interface Survey {
  tables: { source: string; target: string; rows: number; left: number }[]
  words: { column: string; found: string; becomes: string | null; rows: number }[]
  notes: string[]
}

/**
 * Refuses what would go wrong for every row, before anything is written.
 * @throws AthenaError time_zone_missing, dimensions_differ, source_unreadable, key_not_unique
 */
export async function refuseHopeless(
  source: pg.ClientBase,
  schema: string,
  { units, naive }: Resolved,
  tables: { source: ReadonlyMap<string, Table>; ours: ReadonlyMap<string, Table> },
  timeZone: string | undefined,
): Promise<void> {
  const rows = units.filter((unit) => unit.kind === 'rows')
  const unreadable = rows.filter((unit) => !tables.source.get(unit.source)?.readable).map((unit) => unit.source)
  if (unreadable.length > 0) {
    throw new AthenaError({
      code: 'source_unreadable',
      message: 'the source cannot be read by this role',
      detail: `No right to SELECT from ${unreadable.map((table) => `${schema}.${table}`).join(', ')}.`,
      hint: `GRANT SELECT ON ALL TABLES IN SCHEMA ${schema} TO … — athena adopt never writes there.`,
    })
  }
  for (const unit of rows) refuseOtherDimensions(unit, tables)
  await refuseTimeZone(source, naive, timeZone)
  for (const unit of rows) {
    const table = tables.source.get(unit.source)
    if (table && !(table.key.length === 1 && table.key[0] === unit.key)) await refuseRepeatedKey(source, schema, unit)
  }
}

function refuseOtherDimensions(
  unit: RowUnit,
  { source, ours }: { source: ReadonlyMap<string, Table>; ours: ReadonlyMap<string, Table> },
): void {
  const typeOf = (table: Table | undefined, column: string): string =>
    table?.columns.find((each) => each.name === column)?.type ?? ''
  if (unit.embedding === undefined) return
  const theirs = typeOf(source.get(unit.source), unit.embedding)
  const own = typeOf(ours.get(unit.target), 'embedding')
  const [from, to] = [theirs, own].map((type) => /\((\d+)\)$/.exec(type)?.[1])
  if (!isVector(theirs) || from === undefined || from === to) return
  throw new AthenaError({
    code: 'dimensions_differ',
    message: `the embeddings of ${unit.source} have ${from} dimensions, and the store was installed for ${to}`,
    detail: `${unit.source}.${unit.embedding} is ${theirs}; athena.${unit.target}.embedding is ${own}. Nothing was written.`,
    hint: `Install the store for them, in a database of its own: athena migrate up --set embedding_dimensions=${from}. Or leave "${unit.embedding}" out of the mapping (null) and embed again.`,
  })
}

async function refuseTimeZone(
  source: pg.ClientBase,
  naive: readonly string[],
  timeZone: string | undefined,
): Promise<void> {
  if (timeZone === undefined && naive.length > 0) {
    const some = naive.slice(0, 6).join(', ')
    throw new AthenaError({
      code: 'time_zone_missing',
      message: 'the source has times without a zone, and nobody but you knows which one was meant',
      detail: `${naive.length} columns: ${some}${naive.length > 6 ? ', …' : ''}. Nothing was written.`,
      hint: 'athena adopt … --time-zone UTC if the server that wrote them ran on UTC, as containers do; else for example --time-zone Europe/Berlin',
      exit: 2,
    })
  }
  if (timeZone === undefined) return
  const { rows } = await source.query(
    'SELECT EXISTS (SELECT FROM pg_timezone_names WHERE lower(name) = lower($1)) AS known',
    [timeZone],
  )
  if (rows[0].known) return
  throw new AthenaError({
    code: 'time_zone_unknown',
    message: `"${timeZone}" is not a time zone that PostgreSQL knows by name`,
    hint: 'Write it as Europe/Berlin, America/New_York or UTC; SELECT name FROM pg_timezone_names lists all.',
    exit: 2,
  })
}

async function refuseRepeatedKey(source: pg.ClientBase, schema: string, unit: RowUnit): Promise<void> {
  const table = `${identifier(schema)}.${identifier(unit.source)}`
  const { rows } = await readOnly(source, () =>
    source.query(
      `SELECT count(*) - count(DISTINCT ${identifier(unit.key)}) AS repeated FROM ${table} WHERE ${identifier(unit.key)} IS NOT NULL
       UNION ALL SELECT count(*) FROM ${table} WHERE ${identifier(unit.key)} IS NULL`,
    ),
  )
  if (rows.every(({ repeated }) => Number(repeated) === 0)) return
  throw new AthenaError({
    code: 'key_not_unique',
    message: `${unit.source}.${unit.key} does not name one row each`,
    detail: 'Some values are there several times, or are null.',
    hint: 'Name a unique column as "key" of the table in the mapping.',
  })
}

/** Counts only: one pass over each table, and one over each column of words. */
export async function survey(
  source: pg.ClientBase,
  schema: string,
  units: readonly Unit[],
  progress: ReadonlyMap<string, Progress>,
): Promise<Survey> {
  const found: Survey = { tables: [], words: [], notes: [] }
  await readOnly(source, async () => {
    for (const unit of units) {
      if (unit.kind !== 'rows') continue
      const table = `${identifier(schema)}.${identifier(unit.source)} AS t`
      const last = progress.get(unit.id)?.lastKey ?? null
      const after = last === null ? '' : `FILTER (WHERE t.${identifier(unit.key)} > ${literal(last)}::${unit.keyType})`
      const zeros =
        unit.embedding === undefined ? '0' : `count(*) FILTER (WHERE t.${identifier(unit.embedding)}::text !~ '[1-9]')`
      const { rows } = await source.query(
        `SELECT count(*) AS rows, count(*) ${after} AS "left", ${zeros} AS zeros FROM ${table}`,
      )
      const { rows: all, left, zeros: empty } = rows[0]
      found.tables.push({ source: unit.source, target: unit.target, rows: Number(all), left: Number(left) })
      if (Number(empty) > 0)
        found.notes.push(`${unit.source}.${unit.embedding}: ${empty} embeddings of zeros become null`)
      for (const { column, expression } of unit.words) {
        const { rows: words } = await source.query(
          `SELECT t.${identifier(column)}::text AS found, ${expression((each) => `t.${identifier(each)}::text`)} AS becomes, count(*) AS rows
             FROM ${table} WHERE t.${identifier(column)} IS NOT NULL GROUP BY 1, 2
           HAVING t.${identifier(column)}::text IS DISTINCT FROM ${expression((each) => `t.${identifier(each)}::text`)}
            ORDER BY 3 DESC, 1 LIMIT 100`,
        )
        for (const row of words)
          found.words.push({ column: `${unit.source}.${column}`, ...row, rows: Number(row.rows) })
      }
    }
  })
  return found
}
