import { afterAll, beforeAll, expect, test } from 'vitest'
import { onEachEngine, type TestDatabase } from '../../../test/engines.ts'
import { query } from '../../../test/migrating.ts'
import { outcome, startAthena } from './athena.ts'
import { installStore, jsonLines } from './store.ts'

onEachEngine('an interrupted command', (engine) => {
  let db: TestDatabase

  beforeAll(async () => {
    db = await engine.create()
    await installStore(db.database)
  })
  afterAll(() => db.drop())

  test('ends with 130 and leaves no statement running on the server', async () => {
    const blocker = await db.database.open('spec blocker')
    await blocker.query('BEGIN; LOCK TABLE athena.projects')
    const child = startAthena(['remember', jsonLines({ content: 'x' }), '--project', 'demo'], { env: db.env })
    const ended = outcome(child)
    const waiting = () =>
      query(
        db.database,
        `SELECT FROM pg_stat_activity WHERE application_name = 'athena remember' AND wait_event_type = 'Lock'`,
      )
    await expect.poll(waiting, { timeout: 20_000 }).toHaveLength(1)
    child.kill('SIGINT')
    expect(await ended).toEqual({ status: 130, stdout: '', stderr: '' })
    expect(await query(db.database, `SELECT FROM pg_stat_activity WHERE application_name = 'athena remember'`)).toEqual(
      [],
    )
    await blocker.query('ROLLBACK')
    await blocker.end()
  })
})
