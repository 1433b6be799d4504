import { AthenaError, identifier, literal } from '@athena-pg/database'
import type pg from 'pg'
import type { Reject } from './ledger.ts'
import type { SourceRow } from './read-batch.ts'
import type { Reference, RowUnit } from './unit.ts'

export interface Written {
  written: number
  rejects: Reject[]
}

/** Writes a batch, in the transaction that is open. Rows that our tables refuse are told apart and left out. */
export async function writeRows(client: pg.ClientBase, unit: RowUnit, rows: readonly SourceRow[]): Promise<Written> {
  const rejects = await deadReferences(client, unit, rows)
  const rejected = new Set(rejects.filter(({ isRow }) => isRow).map(({ key }) => key))
  const good = rows.filter((row) => !rejected.has(row.athena_key))
  const statements = statementsOf(unit)
  const written = await writeOrSplit(client, statements, good, rejects)
  return { written, rejects }
}

interface Statements {
  months: string | undefined
  insert: string
}

/** Where a statement fails on its data, halves are tried, down to the rows at fault: few of many cost little. */
async function writeOrSplit(
  client: pg.ClientBase,
  statements: Statements,
  rows: readonly SourceRow[],
  rejects: Reject[],
): Promise<number> {
  if (rows.length === 0) return 0
  await client.query('SAVEPOINT adopt_rows')
  try {
    const values = [JSON.stringify(rows)]
    if (statements.months !== undefined) await client.query(statements.months, values)
    const { rows: counted } = await client.query<{ written: number }>(statements.insert, values)
    await client.query('RELEASE SAVEPOINT adopt_rows')
    return counted[0]?.written ?? 0
  } catch (error) {
    if (!isAboutData(error)) throw error
    await client.query('ROLLBACK TO SAVEPOINT adopt_rows; RELEASE SAVEPOINT adopt_rows')
    const [only] = rows
    if (rows.length === 1 && only) {
      rejects.push({
        key: only.athena_key,
        column: error.column,
        code: error.code,
        reason: reasonOf(error),
        isRow: true,
      })
      return 0
    }
    const half = Math.ceil(rows.length / 2)
    const first = await writeOrSplit(client, statements, rows.slice(0, half), rejects)
    return first + (await writeOrSplit(client, statements, rows.slice(half), rejects))
  }
}

interface DataError {
  code: string
  message: string
  detail?: string
  constraint?: string
  column?: string
}

/** Without the name of a partition, which says nothing to the reader. */
function reasonOf({ code, message, detail, constraint }: DataError): string {
  if (constraint !== undefined && code === '23514') return `the check ${constraint} refuses it`
  if (code === '23514' && detail !== undefined)
    return `no month for ${detail}: not a time from 1990 to 2100; is its unit right?`
  return code === '23505' && detail !== undefined ? `${message}: ${detail}` : message
}

/** Data exceptions and broken constraints, and a number too long for an index entry or a tsvector. */
function isAboutData(error: unknown): error is DataError {
  return error instanceof Error && 'code' in error && /^(22|23|54)/.test(String(error.code))
}

/** Ids that refer to nothing that was adopted, or to another project's: a row that needs them is rejected, others go without. */
async function deadReferences(client: pg.ClientBase, unit: RowUnit, rows: readonly SourceRow[]): Promise<Reject[]> {
  if (unit.references.length === 0 || rows.length === 0) return []
  const slim = rows.map((row) => [row.athena_key, ...unit.references.map(({ column }) => row[column])])
  const project = projectOf(unit)
  const parts = unit.references.map(
    ({ to, column, isRequired }, at) => `
    SELECT s.key, ${literal(column)} AS column, s.${identifier(column)} AS value, ${isRequired} AS "isRow",
           r${at}.old_id IS NULL AS dead, ${literal(to)} AS to
      FROM s ${joins(unit)}
     WHERE s.${identifier(column)} IS NOT NULL AND (r${at}.old_id IS NULL OR r${at}.project_id <> ${project})`,
  )
  const names = unit.references.map(({ column }) => identifier(column))
  const sql = `WITH s AS MATERIALIZED (
      SELECT e.value ->> 0 AS key, ${names.map((column, at) => `e.value ->> ${at + 1} AS ${column}`).join(', ')}
        FROM json_array_elements($1::json) AS e (value))
    ${parts.join(' UNION ALL ')}`
  const { rows: dead } = await client.query(sql, [JSON.stringify(slim)])
  return dead.map(({ key, column, value, isRow, dead: isDead }) => ({
    key,
    column,
    value,
    isRow,
    code: isDead ? 'reference_missing' : 'reference_to_another_project',
    reason: isDead ? `${column} ${value} is not there` : `${column} ${value} belongs to another project`,
  }))
}

function statementsOf(unit: RowUnit): Statements {
  const read = unit.reads.map((column) => `${identifier(column)} text`)
  const source = `s AS MATERIALIZED (
    SELECT * FROM json_to_recordset($1::json) AS s (athena_key text, ${read.join(', ')}))`
  const happened = unit.values.find(({ to }) => unit.target === 'episodic_events' && to === 'happened_at')
  const time = happened?.expression(column)
  const project = projectOf(unit)
  const isProject = unit.target === 'projects'
  const sequence = `nextval(pg_get_serial_sequence('athena.${unit.target}', 'id'))`
  const projectName = unit.values.find(({ to }) => to === 'name')?.expression(column)
  // A project is known by its name: rows of one that is here already join it.
  const id = isProject
    ? `coalesce((SELECT p.id FROM athena.projects p WHERE p.name = ${projectName}), ${sequence})`
    : unit.hasId
      ? sequence
      : 'NULL::bigint'
  const values = withRules(unit)
  const columns = values.map(({ to }) => identifier(to))
  const expressions = values.map(({ expression }) => expression(column))
  const referred = unit.references.filter(({ to }) => to !== 'project_id')
  const r = `r AS MATERIALIZED (
    SELECT s.*, ${id} AS athena_id, ${isProject ? 'NULL::bigint' : project} AS athena_project,
           ${time ?? 'NULL::timestamptz'} AS athena_time${referred.map((each) => `, ${idOf(unit, each)} AS ${identifier(`athena_${each.to}`)}`).join('')}
      FROM s ${joins(unit)})`
  const ids = `ids AS (
    INSERT INTO athena_adoption.ids (source_table, old_id, project_id, new_id, happened_at)
    SELECT ${literal(unit.source)}, r.athena_key, ${isProject ? 'r.athena_id' : 'r.athena_project'}, r.athena_id, r.athena_time FROM r)`
  const into = [
    ...(unit.hasId ? ['id'] : []),
    ...(isProject ? [] : ['project_id']),
    ...referred.map(({ to }) => identifier(to)),
    ...columns,
  ]
  const from = [
    ...(unit.hasId ? ['s.athena_id'] : []),
    ...(isProject ? [] : ['s.athena_project']),
    ...referred.map(({ to }) => `s.${identifier(`athena_${to}`)}`),
    ...expressions,
  ]
  const main = `main AS (
    INSERT INTO athena.${identifier(unit.target)} (${into.join(', ')}) OVERRIDING SYSTEM VALUE
    SELECT ${from.join(',\n      ')} FROM r AS s
    ${isProject ? 'WHERE NOT EXISTS (SELECT FROM athena.projects p WHERE p.id = s.athena_id)' : ''} RETURNING 1)`
  const side = unit.side && sideInsert(unit.side)
  const parts = [source, r, ...(unit.hasId ? [ids] : []), main, ...(side ? [side] : [])]
  return {
    months:
      time &&
      `WITH ${source}, times AS MATERIALIZED (SELECT ${time} AS happened_at FROM s)
       SELECT athena.ensure_partitions('athena.episodic_events'::regclass, 0, month)
         FROM (SELECT DISTINCT date_trunc('month', happened_at, 'UTC') AS month FROM times
                WHERE happened_at >= '1990-01-01' AND happened_at < '2100-01-01') AS months`,
    insert: `WITH ${parts.join(',\n')}
    SELECT (SELECT count(*) FROM ${isProject ? 'r' : 'main'})::int AS written`,
  }
}

/** A row beside the main one only where it says something: never used is the default. */
function sideInsert({ table, values }: NonNullable<RowUnit['side']>): string {
  const says = values
    .filter(({ to }) => to === 'access_count' || to === 'usefulness')
    .map(({ expression }) => `coalesce(${expression(column)}, 0) <> 0`)
  return `side AS (
    INSERT INTO athena.${identifier(table)} (project_id, memory_id, ${values.map(({ to }) => identifier(to)).join(', ')})
    SELECT s.athena_project, s.athena_id, ${values.map(({ expression }) => expression(column)).join(', ')} FROM r AS s
    ${says.length === 0 ? '' : `WHERE ${says.join(' OR ')}`})`
}

/** Times that our checks want with a status, and older stores left out: the last one that is known. */
function withRules(unit: RowUnit): RowUnit['values'] {
  const find = (to: string): string | undefined => unit.values.find((each) => each.to === to)?.expression(column)
  const [when, last, over] =
    unit.target === 'consolidations'
      ? ['finished_at', ['started_at'], `<> 'running'`]
      : ['completed_at', ['updated_at', 'created_at'], `= 'completed'`]
  const status = find('status')
  if (!['plans', 'tasks', 'consolidations'].includes(unit.target) || status === undefined) return unit.values
  const known = [find(when), ...last.map(find), 'now()'].filter((each) => each !== undefined)
  const own = find(when) ?? 'NULL::timestamptz'
  const expression = (): string => `CASE WHEN ${status} ${over} THEN coalesce(${known.join(', ')}) ELSE ${own} END`
  return [...unit.values.filter(({ to }) => to !== when), { to: when, expression }]
}

function column(name: string): string {
  return `s.${identifier(name)}`
}

function joins(unit: RowUnit): string {
  return unit.references
    .map(
      ({ refers, column: of }, at) =>
        `LEFT JOIN athena_adoption.ids r${at} ON r${at}.source_table = ${literal(refers)} AND r${at}.old_id = s.${identifier(of)}`,
    )
    .join('\n')
}

/** The project that the mapping names, that of the project column, else of the first row that it refers to. */
function projectOf({ references, project }: RowUnit): string {
  if (project !== undefined) return `(SELECT p.id FROM athena.projects p WHERE p.name = ${literal(project)})`
  const known = references.map((_, at) => `r${at}.project_id`)
  return references[0]?.to === 'project_id' ? 'r0.project_id' : `coalesce(${known.join(', ')})`
}

/** Null where what it refers to is not there, or in another project. */
function idOf(unit: RowUnit, reference: Reference): string {
  const at = unit.references.indexOf(reference)
  return `CASE WHEN r${at}.project_id = ${projectOf(unit)} THEN r${at}.new_id END`
}

/** Makes the projects that the mapping names, where they are not there. */
export async function ensureProjects(client: pg.ClientBase, units: readonly RowUnit[]): Promise<void> {
  const names = units.flatMap(({ project }) => project ?? [])
  await client.query(
    `INSERT INTO athena.projects (name) SELECT DISTINCT n FROM unnest($1::text[]) AS n
      WHERE NOT EXISTS (SELECT FROM athena.projects p WHERE p.name = n)`,
    [names],
  )
}

/** @throws AthenaError partitions_missing */
export async function refuseWithoutPartitions(client: pg.ClientBase, units: readonly RowUnit[]): Promise<void> {
  if (!units.some(({ target }) => target === 'episodic_events')) return
  const { rows } = await client.query(
    "SELECT to_regprocedure('athena.ensure_partitions(regclass, integer, timestamptz)') IS NOT NULL AS there",
  )
  if (rows[0].there) return
  throw new AthenaError({
    code: 'partitions_missing',
    message: 'events cannot be adopted: the function that makes their months is not installed',
    detail: 'athena.ensure_partitions is of the package @athena-pg/partitions.',
    hint: 'Name the package in athena.config.json, then athena migrate up; or leave the table of events out of the mapping.',
  })
}
