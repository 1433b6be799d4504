import { fileURLToPath } from 'node:url'
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest'
import { athena, type Child } from '../../../test/athena.ts'
import { onEachEngine, type TestDatabase } from '../../../test/engines.ts'
import { query } from '../../../test/migrating.ts'
import { eventually } from '../../../test/waiting.ts'
import { adopted, adoptStore, installStore } from './adopting.ts'
import { formerRows, formerTables } from './former-store.ts'

/** Repeatable: the same seed kills at the same moments, as far as the machine lets it. */
function randoms(seed: number): () => number {
  let state = seed
  return () => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0
    return state / 2 ** 32
  }
}

onEachEngine('an adoption that is killed', (engine) => {
  vi.setConfig({ testTimeout: 300_000 })
  let db: TestDatabase
  let wanted: Record<string, string[]>
  /** Rows that a whole run reads. */
  let all: number

  beforeAll(async () => {
    db = await engine.create()
    await installStore(db.database)
    await query(db.database, formerTables('old') + formerRows('old', 400))
    await adoptStore(db.database, { batch: 50 })
    wanted = await adopted(db.database)
    all = await rowsRead()
  })
  afterAll(() => db.drop())

  const args = ['adopt', '--from', 'old', '--time-zone', 'Europe/Berlin', '--batch', '20', '--allow-rejects', '--json']
  const place = () => ({ cwd: fileURLToPath(new URL('.', import.meta.url)), env: db.env })

  async function rowsRead(): Promise<number> {
    const there = await query(db.database, "SELECT FROM pg_class WHERE oid = to_regclass('athena_adoption.progress')")
    if (there.length === 0) return 0
    const [row] = await query<{ n: number }>(
      db.database,
      'SELECT coalesce(sum(rows_read), 0)::int AS n FROM athena_adoption.progress',
    )
    return row?.n ?? 0
  }

  /** When the run has come to a random place in this sixth of the work, or has ended. */
  async function soon({ process: running }: Child, sixth: number, random: () => number): Promise<void> {
    const place = ((sixth + random()) / 6) * all
    await eventually('the run to get on', async () => running.exitCode !== null || (await rowsRead()) >= place, 120_000)
  }

  async function begin(): Promise<void> {
    await query(
      db.database,
      'DROP SCHEMA athena_adoption CASCADE; TRUNCATE athena.projects CASCADE; DELETE FROM athena.memory_events',
    )
  }

  async function goOnUntilDone(): Promise<void> {
    const { status, stdout, stderr } = await athena(args, place()).ended
    expect([status, stderr]).toEqual([0, expect.any(String)])
    expect(JSON.parse(stdout).same).toBe(true)
    expect(await adopted(db.database)).toEqual(wanted)
  }

  for (const seed of [1, 2, 3]) {
    test(`its process, at random moments again and again, ends as one that was not: seed ${seed}`, async () => {
      const random = randoms(seed)
      await begin()
      let killed = 0
      for (let round = 0; round < 5; round++) {
        const child = athena(args, place())
        await soon(child, round, random)
        child.process.kill('SIGKILL')
        if ((await child.ended).signal === 'SIGKILL') killed++
      }
      expect(killed).toBeGreaterThan(0)
      await goOnUntilDone()
    })
  }

  test('its connection, by the server, says so and is gone on with', async () => {
    await begin()
    const random = randoms(4)
    let cut = 0
    for (let round = 0; round < 5; round++) {
      const child = athena(args, place())
      await soon(child, round, random)
      const ended = await query(
        db.database,
        "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = current_database() AND application_name IN ('athena adopt', 'athena adopt source')",
      )
      const { status, stdout, stderr } = await child.ended
      if (ended.length === 0 || status === 0) continue
      cut++
      expect([status, `${stdout}${stderr}`]).toEqual([1, expect.stringContaining('connection_lost')])
    }
    expect(cut).toBeGreaterThan(0)
    await goOnUntilDone()
  })

  describe('and two at once', () => {
    test('never do anything twice', async () => {
      await begin()
      const both = await Promise.all([athena(args, place()).ended, athena(args, place()).ended])
      for (const { status, stderr, stdout } of both) {
        if (status !== 0) expect(`${stdout}${stderr}`).toMatch(/adoption_running/)
      }
      await goOnUntilDone()
    })
  })
})
