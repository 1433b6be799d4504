import type pg from 'pg'
import { afterEach, expect, test } from 'vitest'
import { onEachEngine } from '../../../test/engines.ts'
import { eventually } from '../../../test/waiting.ts'
import { migrated } from '../../schema/test/migrated.ts'
import { insert, project } from '../../schema/test/rows.ts'

onEachEngine('ensure_partitions while others work', (engine) => {
  const db = migrated(engine, { packages: ['schema', 'partitions'] })
  const sessions: pg.Client[] = []
  afterEach(async () => {
    await Promise.all(sessions.splice(0).map((session) => session.end()))
  })

  async function open(name: string): Promise<pg.Client> {
    const session = await db.database().open(name)
    sessions.push(session)
    await session.query("SET lock_timeout = '1s'")
    return session
  }
  let year = 2030
  /** Makes a month that is not there yet. */
  const ensure = (session: pg.Client) =>
    session.query(`SELECT made FROM athena.ensure_partitions('athena.episodic_events', 0, '${year}-07-01Z') AS made`)
  async function newProject(): Promise<string> {
    year += 1
    const name = `project of ${year}`
    return project(await open('setup'), name)
  }

  test('does not wait for a writer and a reader of the table that stay in their transactions', async () => {
    const project_id = await newProject()
    const [writer, reader, caller] = [await open('writer'), await open('reader'), await open('caller')]
    await writer.query('BEGIN')
    await insert(writer, 'episodic_events', { project_id })
    await reader.query('BEGIN ISOLATION LEVEL REPEATABLE READ')
    await reader.query('SELECT count(*) FROM athena.episodic_events')
    expect((await ensure(caller)).rows).toEqual([{ made: `athena.episodic_events_${year}_07` }])
    await insert(writer, 'episodic_events', { project_id })
    await writer.query('COMMIT')
    await reader.query('COMMIT')
    const { rows } = await caller.query('SELECT count(*)::int AS n FROM athena.episodic_events WHERE project_id = $1', [
      project_id,
    ])
    expect(rows).toEqual([{ n: 2 }])
  })

  test('lets the table be read and written before it commits', async () => {
    const project_id = await newProject()
    const [caller, other] = [await open('caller'), await open('other')]
    await caller.query('BEGIN')
    await ensure(caller)
    await insert(other, 'episodic_events', { project_id })
    await other.query('UPDATE athena.episodic_events SET surprise = .5 WHERE project_id = $1', [project_id])
    const { rows } = await other.query('SELECT surprise FROM athena.episodic_events WHERE project_id = $1', [
      project_id,
    ])
    expect(rows).toEqual([{ surprise: 0.5 }])
    await other.query('SELECT * FROM athena.projects')
    await insert(other, 'memories', { project_id })
    await caller.query('COMMIT')
  })

  test('takes these locks and no others on tables that were there before', async () => {
    const caller = await open('caller')
    year += 1
    await caller.query('BEGIN')
    await ensure(caller)
    const { rows } = await caller.query(
      `SELECT c.relname || ': ' || string_agg(mode, ', ' ORDER BY mode COLLATE "C") AS lock
         FROM pg_locks l JOIN pg_class c ON c.oid = l.relation JOIN pg_namespace n ON n.oid = relnamespace
        WHERE l.pid = pg_backend_pid() AND nspname = 'athena' AND relkind IN ('r', 'p') AND relname !~ $1 GROUP BY relname ORDER BY relname COLLATE "C"`,
      [`_${year}_07$`],
    )
    await caller.query('ROLLBACK')
    expect(rows.map(({ lock }) => lock)).toEqual([
      'consolidations: AccessShareLock, RowShareLock, ShareRowExclusiveLock',
      'episodic_events: AccessShareLock, ShareUpdateExclusiveLock',
      'projects: AccessShareLock, RowShareLock, ShareRowExclusiveLock',
    ])
  })

  test('gives up after lock_timeout, with nothing made, while someone writes to projects', async () => {
    await newProject()
    const [writer, caller] = [await open('writer'), await open('caller')]
    await caller.query("SET lock_timeout = '200ms'")
    await writer.query('BEGIN')
    await project(writer, `not committed in ${year}`)
    await expect(ensure(caller)).rejects.toMatchObject({ code: '55P03' })
    await writer.query('ROLLBACK')
    expect((await ensure(caller)).rows).toHaveLength(1)
  })

  test('lets a second caller wait, which then finds nothing to do', async () => {
    year += 1
    const [first, second, watcher] = [await open('first'), await open('second'), await open('watcher')]
    await second.query("SET lock_timeout = '30s'")
    await first.query('BEGIN')
    expect((await ensure(first)).rows).toHaveLength(1)
    const answer = ensure(second)
    await eventually('the second caller to wait', async () => {
      const { rows } = await watcher.query(
        "SELECT FROM pg_stat_activity WHERE wait_event_type = 'Lock' AND wait_event = 'advisory' AND datname = current_database()",
      )
      return rows.length === 1
    })
    await first.query('COMMIT')
    expect((await answer).rows).toEqual([])
  })

  test('makes each month once for six callers at the same moment', async () => {
    const callers = await Promise.all(Array.from({ length: 6 }, (_, n) => open(`caller ${n}`)))
    for (const caller of callers) await caller.query("SET lock_timeout = '30s'")
    await callers[0]?.query('CREATE TABLE athena.visits (at timestamptz NOT NULL) PARTITION BY RANGE (at)')
    const answers = await Promise.all(
      callers.map((caller) =>
        caller.query("SELECT athena.ensure_partitions('athena.visits', 12, '2027-01-01Z') AS made"),
      ),
    )
    const made = answers.flatMap(({ rows }) => rows.map((row) => row.made))
    expect(made).toHaveLength(13)
    expect(new Set(made).size).toBe(13)
    const { rows } = await (callers[0] as pg.Client).query(
      "SELECT count(*)::int AS n FROM athena.describe_partitions('athena.visits')",
    )
    expect(rows).toEqual([{ n: 13 }])
  })
})
