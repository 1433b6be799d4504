import type { Database } from '@athena-pg/database'
import { adopt, type Mapping, type Prepared, prepare, type Verified, verify } from '@athena-pg/maintenance/adopt'
import { migrate, query } from '../../../test/migrating.ts'
import { realPackages } from '../../../test/real-packages.ts'

/** The store as `athena migrate up` makes it, small. */
export async function installStore(database: Database, dimensions = 3): Promise<void> {
  const variables = { embedding_dimensions: String(dimensions), project_partitions: '2' }
  await migrate(database, realPackages(), { variables })
}

export interface Adopting {
  schema?: string
  mapping?: Mapping
  timeZone?: string | undefined
  batch?: number
  retry?: boolean
  /** Of another database, where the source is not in the same one. */
  from?: Database
}

export async function prepareAdoption(database: Database, adopting: Adopting = {}): Promise<Prepared> {
  return withSessions(database, adopting, async (sessions, origin) =>
    prepare(sessions, origin, adopting.mapping, 'timeZone' in adopting ? adopting.timeZone : 'Europe/Berlin'),
  )
}

/** What `athena adopt` does. */
export async function adoptStore(database: Database, adopting: Adopting = {}): Promise<Verified> {
  return withSessions(database, adopting, async (sessions, origin) => {
    const timeZone = 'timeZone' in adopting ? adopting.timeZone : 'Europe/Berlin'
    const { units } = await prepare(sessions, origin, adopting.mapping, timeZone, adopting.retry)
    await adopt(sessions, origin, units, { batch: adopting.batch ?? 100, retry: adopting.retry })
    return verify(sessions.source, sessions.target, origin.schema, units)
  })
}

type Sessions = Parameters<typeof adopt>[0]

async function withSessions<T>(
  database: Database,
  { schema = 'old', from = database }: Adopting,
  work: (sessions: Sessions, origin: { location: string; schema: string }) => Promise<T>,
): Promise<T> {
  const target = await database.open('spec adopt')
  const source = await from.open('spec adopt source')
  return work({ source, target }, { location: from.location, schema }).finally(async () => {
    await source.end()
    await target.end()
  })
}

/** Every row of every table of a schema, as text. */
export async function rowsOf(database: Database, schema: string): Promise<Record<string, string[]>> {
  const tables = await query<{ name: string }>(
    database,
    "SELECT relname AS name FROM pg_class WHERE relnamespace = $1::regnamespace AND relkind IN ('r', 'p') AND NOT relispartition ORDER BY 1",
    [schema],
  )
  const found: Record<string, string[]> = {}
  for (const { name } of tables) {
    const rows = await query<{ row: string }>(database, `SELECT t::text AS row FROM ${schema}."${name}" AS t`)
    found[name] = rows.map(({ row }) => row).sort()
  }
  return found
}

/**
 * All that was adopted, with old ids in place of new ones, so that two adoptions can be compared. Times that the database gives to
 * what had none are not compared.
 */
export async function adopted(database: Database): Promise<Record<string, string[]>> {
  const found: Record<string, string[]> = {}
  await query(database, 'CREATE INDEX IF NOT EXISTS ids_new_id ON athena_adoption.ids (source_table, new_id)')
  await query(database, 'ANALYZE athena_adoption.ids')
  for (const [what, sql] of Object.entries(canonical)) {
    found[what] = (await query<{ row: string }>(database, sql)).map(({ row }) => row).sort()
  }
  return found
}

const old = (table: string, id: string): string =>
  `(SELECT old_id FROM athena_adoption.ids i WHERE i.source_table = '${table}' AND i.new_id = ${id})`

const rows = (table: string, source: string, references: Record<string, string>): string => {
  const without = [
    'id',
    'project_id',
    'created_at',
    'updated_at',
    'completed_at',
    'finished_at',
    ...Object.keys(references),
  ]
  const olds = Object.entries(references).map(([column, of]) => `'${column}', ${old(of, `t.${column}`)}`)
  return `SELECT ((to_jsonb(t) - ARRAY['${without.join("', '")}']) || jsonb_build_object(${[`'old', ${source === '' ? 'NULL' : old(source, 't.id')}`, `'project', (SELECT name FROM athena.projects p WHERE p.id = t.project_id)`, ...olds].join(', ')}))::text AS row
    FROM athena.${table} AS t`
}

const canonical: Record<string, string> = {
  projects: `SELECT (to_jsonb(t) - 'id')::text AS row FROM athena.projects AS t`,
  memories: rows('memories', 'memory_vectors', {}),
  memory_access: rows('memory_access', '', { memory_id: 'memory_vectors' }),
  memory_links: rows('memory_links', '', { from_memory_id: 'memory_vectors', to_memory_id: 'memory_vectors' }),
  events: rows('episodic_events', 'episodic_events', {}),
  memory_events: rows('memory_events', '', { memory_id: 'memory_vectors', event_id: 'episodic_events' }),
  plans: rows('plans', 'prospective_goals', { parent_id: 'prospective_goals' }),
  plan_memories: rows('plan_memories', '', { plan_id: 'prospective_goals', memory_id: 'memory_vectors' }),
  tasks: rows('tasks', 'prospective_tasks', { parent_id: 'prospective_tasks', plan_id: 'prospective_goals' }),
  task_memories: rows('task_memories', '', { task_id: 'prospective_tasks', memory_id: 'memory_vectors' }),
  task_code_symbols: rows('task_code_symbols', '', { task_id: 'prospective_tasks', code_symbol_id: 'code_metadata' }),
  decisions: rows('decisions', 'planning_decisions', { superseded_by: 'planning_decisions' }),
  decision_memories: rows('decision_memories', '', { decision_id: 'planning_decisions', memory_id: 'memory_vectors' }),
  scenarios: rows('scenarios', 'planning_scenarios', { decision_id: 'planning_decisions' }),
  code_symbols: rows('code_symbols', 'code_metadata', {}),
  code_symbol_memories: rows('code_symbol_memories', '', {
    code_symbol_id: 'code_metadata',
    memory_id: 'memory_vectors',
  }),
  code_links: rows('code_links', '', { from_symbol_id: 'code_metadata', to_symbol_id: 'code_metadata' }),
  consolidations: rows('consolidations', 'consolidation_runs', {}),
  rejects: `SELECT concat_ws(' ', unit, old_id, column_name, value, code, is_row) AS row FROM athena_adoption.rejects`,
}
