import { afterAll, beforeAll, expect, test } from 'vitest'
import { onEachEngine, type TestDatabase } from '../../../test/engines.ts'
import { query } from '../../../test/migrating.ts'
import { migration, temporaryFolder, writeFiles } from '../../../test/packages.ts'
import { eventually } from '../../../test/waiting.ts'
import { command } from '../src/commands/migrate-unlock.ts'
import { athena, outcome, startAthena } from './athena.ts'
import { faultsOf } from './json-schemas.ts'

onEachEngine('athena migrate unlock', (engine) => {
  let db: TestDatabase
  beforeAll(async () => {
    db = await engine.create()
  })
  afterAll(() => db.drop())

  test('shows a run, asks, and ends it only with a yes', { timeout: 300_000 }, async () => {
    const unlock = (...more: string[]) => athena(['migrate', 'unlock', ...more], { cwd, env: db.env })
    const cwd = temporaryFolder()
    writeFiles(cwd, {
      'athena.config.json': JSON.stringify({ packages: [], migrations: 'migrations' }),
      'migrations/20260101000000_wait.sql': migration('SELECT pg_sleep(600);'),
    })
    expect(await unlock()).toMatchObject({ status: 0, stdout: expect.stringMatching(/^nobody holds/), stderr: '' })
    const run = startAthena(['migrate', 'up'], { cwd, env: db.env })
    const ended = outcome(run)
    await eventually(
      'the run to sleep',
      async () =>
        (
          await query(
            db.database,
            "SELECT FROM pg_stat_activity WHERE query LIKE '%pg_sleep(600)%' AND state = 'active' AND pid <> pg_backend_pid() AND datname = current_database()",
          )
        ).length === 1,
    )
    const shown = await unlock('--dry-run')
    expect(shown.stdout).toMatch(
      /^work {3}pid \d+ \(athena migrate up\) of postgres.* active for \d+ s\n {7}runs: (SELECT pg_sleep\(600\)|the first statement of 20260101000000_wait)/,
    )
    expect(shown.stdout).toMatch(/\nrunner pid \d+ \(athena migrate lock\)/)
    expect(shown.stderr).toContain('warning: it is at work')
    expect((await unlock('--show-sql')).stdout).toContain('pg_terminate_backend')
    expect(await unlock('--json')).toMatchObject({ status: 2, stdout: expect.stringContaining('confirmation_needed') })
    expect(run.exitCode).toBeNull()
    const { status, stdout } = await unlock('--yes', '--json')
    const printed = JSON.parse(stdout)
    expect(faultsOf(command.output, printed)).toEqual([])
    expect(status).toBe(0)
    expect(printed.ended).toEqual(printed.holders.map(({ pid }: { pid: number }) => pid))
    expect(printed.ended).toHaveLength(2)
    expect(await ended).toMatchObject({ status: 1, stderr: expect.stringContaining('migration_failed') })
    expect(await unlock()).toMatchObject({ status: 0, stdout: expect.stringMatching(/^nobody holds/) })
  })
})
