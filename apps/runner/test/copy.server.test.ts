import { Ajv } from 'ajv'
import { afterAll, beforeAll, expect, test, vi } from 'vitest'
import { athena, type Ended } from '../../../test/athena.ts'
import { onEachEngine, type TestDatabase } from '../../../test/engines.ts'
import { query } from '../../../test/migrating.ts'
import { temporaryFolder, writeFiles } from '../../../test/packages.ts'
import { command } from '../src/commands/copy.ts'
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
    const isOutput = new Ajv().compile(command.output ?? false)
    expect(isOutput(printed), JSON.stringify(isOutput.errors)).toBe(true)
    expect([status, printed.same]).toEqual([0, true])
    const memories = await query(target.database, 'SELECT content FROM athena.memories ORDER BY id')
    expect(memories).toEqual([
      { content: '# Deploys\n\nThey happen on Tuesdays.' },
      { content: '# Backups\n\nNightly.' },
    ])
    const again = await at('copy', '--to', url)
    expect([again.status, again.stderr]).toEqual([1, expect.stringContaining('target_not_empty')])
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
      expect([args, status, stderr]).toEqual([args, 2, expect.stringContaining('malformed_option')])
      expect(stderr).not.toContain('hidden')
    }
  })
})
