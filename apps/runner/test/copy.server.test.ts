import { readdirSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test, vi } from 'vitest'
import { athena, type Ended } from '../../../test/athena.ts'
import { onEachEngine, type TestDatabase } from '../../../test/engines.ts'
import { query } from '../../../test/migrating.ts'
import { temporaryFolder, writeFiles } from '../../../test/packages.ts'
import { eventually } from '../../../test/waiting.ts'
import { command } from '../src/commands/copy.ts'
import { faultsOf } from './json-schemas.ts'
import { installStore } from './store.ts'

onEachEngine('athena copy', (engine) => {
  vi.setConfig({ testTimeout: 240_000, hookTimeout: 240_000 })
  let target: TestDatabase
  const cwd = temporaryFolder()
  const at = (...args: string[]): Promise<Ended> => athena(args, { cwd, env: {} }).ended

  beforeAll(async () => {
    target = await engine.create()
    await installStore(target.database)
    writeFiles(cwd, { 'notes.md': '# Deploys\n\nThey happen on Tuesdays.\n\n# Backups\n\nNightly.\n' })
  })
  afterAll(() => target.drop())

  test('takes what was tried on the embedded database to a server', async () => {
    const url = target.url ?? ''
    const without = await at('copy', '--to', url)
    expect([without.status, without.stderr]).toEqual([1, expect.stringContaining('there is no embedded database here')])
    await at('migrate', 'up', '--set', 'embedding_dimensions=3', '--set', 'project_partitions=2')
    await at('remember', 'notes.md', '--project', 'demo')
    const { status, stdout } = await at('copy', '--to', url, '--json')
    const printed = JSON.parse(stdout)
    expect(faultsOf(command.output, printed)).toEqual([])
    expect([status, printed.same]).toEqual([0, true])
    const memories = await query(target.database, 'SELECT content FROM athena.memories ORDER BY id')
    expect(memories).toEqual([
      { content: '# Deploys\n\nThey happen on Tuesdays.' },
      { content: '# Backups\n\nNightly.' },
    ])
    const again = await at('copy', '--to', url)
    expect([again.status, again.stderr]).toEqual([1, expect.stringContaining('target_not_empty')])
  })

  test('interrupted, it frees the folder and leaves nothing running on the server', async () => {
    const blocker = await target.database.open('spec blocker')
    await blocker.query('BEGIN; LOCK TABLE athena.projects')
    const { process: child, ended } = athena(['copy', '--to', target.url ?? ''], { cwd, env: {} })
    const sessions = (and: string) =>
      query(
        target.database,
        `SELECT FROM pg_stat_activity WHERE application_name = 'athena copy' AND datname = current_database() ${and}`,
      )
    await eventually('a copy that waits', async () => (await sessions("AND wait_event_type = 'Lock'")).length === 1)
    expect(readdirSync(join(cwd, '.athena'))).not.toEqual(['data'])
    child.kill('SIGINT')
    expect((await ended).status).toBe(130)
    expect(readdirSync(join(cwd, '.athena'))).toEqual(['data'])
    await eventually('no session of the copy', async () => (await sessions('')).length === 0)
    await blocker.query('ROLLBACK')
    await blocker.end()
  })

  test('calls that are wrong exit 2', async () => {
    for (const args of [
      [],
      ['--to', 'embedded'],
      ['--from', 'public', '--to', 'postgres://localhost/x'],
      ['--to', 'postgres://localhost/x', '--batch', '0'],
      ['--to', 'postgress://u:hidden@localhost/x'],
      ['--from', 'postgress://u:hidden@localhost/x', '--to', 'postgres://localhost/x'],
    ]) {
      const { status, stderr } = await at('copy', ...args)
      expect([args, status, stderr]).toEqual([args, 2, expect.stringContaining('malformed_flag')])
      expect(stderr).not.toContain('hidden')
    }
  })
})
