import type pg from 'pg'

export type Row = Record<string, unknown>

/** What a row of each table cannot do without, beside its references. */
const least: Record<string, Row> = {
  projects: { name: 'athena-pg' },
  search_settings: {},
  consolidations: { strategy: 'session_windows' },
  memories: { memory_type: 'fact', content: 'VACUUM costs 5 to 17 ms for each dead row of an HNSW index.' },
  memory_access: {},
  memory_links: { kind: 'extends' },
  memory_events: { happened_at: '2026-11-20T09:30:00Z', event_id: '9007199254740993' },
  episodic_events: {
    session_id: '2026-11-22/review',
    kind: 'error',
    content: 'CREATE INDEX ended with deadlock detected.',
  },
  plans: { name: 'Search within 10 ms' },
  tasks: { title: 'Measure recall at ef_search 40, 100 and 200' },
  decisions: { kind: 'architectural', title: 'One HNSW index for each partition' },
  scenarios: { name: 'A project holds half of all rows' },
  code_symbols: { file_path: 'src/store.ts', kind: 'function', name: 'search' },
  code_links: { kind: 'calls' },
  plan_memories: {},
  task_memories: {},
  decision_memories: {},
  task_code_symbols: {},
  code_symbol_memories: {},
}

/** Tables in the order in which rows can be written. */
export const tables: readonly string[] = Object.keys(least)

/** Writes a row; `row` replaces and adds to what the table asks for. */
export async function insert(client: pg.ClientBase, table: string, row: Row = {}): Promise<Row> {
  const whole = { ...least[table], ...row }
  const columns = Object.keys(whole)
  const values = columns.map((_, at) => `$${at + 1}`)
  const sql = `INSERT INTO athena.${table} (${columns}) VALUES (${values}) RETURNING *`
  const { rows } = await client.query(sql, Object.values(whole))
  return rows[0]
}

/** Writes a project. */
export async function project(client: pg.ClientBase, name: string): Promise<string> {
  return String((await insert(client, 'projects', { name })).id)
}

/** Writes a project with a row in every table, each of its references set, and gives back those rows. */
export async function fullProject(client: pg.ClientBase, name: string): Promise<Record<string, Row>> {
  const rows: Record<string, Row> = { projects: await insert(client, 'projects', { name }) }
  const project_id = rows.projects?.id
  const write = async (table: string, references: Row = {}) => {
    rows[table] = await insert(client, table, { project_id, ...references })
    return rows[table].id
  }
  await write('search_settings')
  const consolidation_id = await write('consolidations')
  const to_memory_id = await write('memories', { consolidation_id })
  const memory_id = await write('memories', { consolidation_id })
  await write('memory_access', { memory_id })
  await write('memory_links', { from_memory_id: memory_id, to_memory_id })
  await write('memory_events', { memory_id })
  await write('episodic_events', { consolidation_id })
  const goal = await write('plans')
  const plan_id = await write('plans', { parent_id: goal })
  const story = await write('tasks', { plan_id })
  const task_id = await write('tasks', { plan_id, parent_id: story })
  const superseded_by = await write('decisions', { plan_id })
  const decision_id = await write('decisions', { plan_id, superseded_by, status: 'superseded' })
  await write('scenarios', { decision_id })
  const to_symbol_id = await write('code_symbols', { name: 'rank' })
  const code_symbol_id = await write('code_symbols')
  await write('code_links', { from_symbol_id: code_symbol_id, to_symbol_id })
  await write('plan_memories', { plan_id, memory_id })
  await write('task_memories', { task_id, memory_id })
  await write('decision_memories', { decision_id, memory_id })
  await write('task_code_symbols', { task_id, code_symbol_id })
  await write('code_symbol_memories', { code_symbol_id, memory_id })
  return rows
}

/** A refusal by the database. */
export interface Refused {
  code: string
  constraint: string | undefined
  message: string
}

/** What the database says to `work`, which leaves nothing behind; undefined when it is let through. */
export async function refused(client: pg.ClientBase, work: () => Promise<unknown>): Promise<Refused | undefined> {
  await client.query('SAVEPOINT attempt')
  try {
    await work()
    // Deferred constraints would speak at COMMIT only.
    await client.query('SET CONSTRAINTS ALL IMMEDIATE')
    return undefined
  } catch (error) {
    const { code, constraint, message } = error as Refused
    return { code, constraint, message }
  } finally {
    await client.query('ROLLBACK TO SAVEPOINT attempt')
  }
}
