import { describe, expect, test } from 'vitest'
import { temporaryFolder, writeFiles } from '../../../../test/packages.ts'
import { tuned } from './tuned.ts'

function folder(files: Record<string, unknown>): string {
  const cwd = temporaryFolder()
  writeFiles(cwd, Object.fromEntries(Object.entries(files).map(([name, value]) => [name, JSON.stringify(value)])))
  return cwd
}

describe('a file of facts', () => {
  const facts = { $schema: 'x', memory: '8GB', cpus: 4, pitr: true, walDisk: '50GB', preload: ['pg_cron'] }

  test('has the names of the flags in camelCase; flags go before it', async () => {
    const { value } = await tuned(['--profile', './db.json', '--cpus', '2'], folder({ 'db.json': facts }))
    expect(value).toMatchObject({
      facts: { memory: 8 * 1024 ** 3, cpus: 2, postgres: { preload: ['pg_cron'] }, workload: { pitr: true } },
      origins: { memory: './db.json', cpus: '--cpus' },
    })
    expect(value).not.toHaveProperty('profile')
  })

  test.each([
    [{ memory: 16, cpus: 8 }, '"memory": "16" has no unit'],
    [{ memory: '16GB', cpu: 8 }, '"cpu": is not a fact that is known'],
    [{ memory: '16GB', cpus: 'x', rows: 'y' }, '"cpus": "x" is not a number\n"rows": "y" is not a whole number'],
    [[1], 'it is not an object: { "memory": "16GB", "cpus": 8 }'],
  ])('%j is refused', async (wrong, detail) => {
    const { status, value } = await tuned(['--profile', './db.json'], folder({ 'db.json': wrong }))
    expect(status).toBe(2)
    expect(value.error).toMatchObject({ code: 'malformed_profile', detail })
  })
})

describe('athena.config.json', () => {
  test('names a profile, or facts, or both: facts go first', async () => {
    const config = { profile: 'medium', server: { memory: '32GB', pooled: true } }
    const { value } = await tuned([], folder({ 'athena.config.json': config }))
    expect(value).toMatchObject({
      profile: 'medium',
      facts: { memory: 32 * 1024 ** 3, cpus: 8, workload: { pooled: true } },
      origins: { memory: 'athena.config.json', cpus: 'profile medium' },
    })
  })

  test('gives way to --profile altogether', async () => {
    const config = { profile: 'medium', server: { memory: '32GB' } }
    const { value } = await tuned(['--profile', 'small'], folder({ 'athena.config.json': config }))
    expect(value).toMatchObject({ profile: 'small', facts: { memory: 4 * 1024 ** 3 } })
  })

  test.each([
    [{ server: { memory: 16 } }, 'malformed_profile', /"memory": "16" has no unit/],
    [{ server: 'big' }, 'malformed_config', /"server" must be an object/],
    [{ server: { memory: ['1GB'] } }, 'malformed_config', /"memory" must be text, a number, true or false/],
    [{ profile: 3 }, 'malformed_config', /"profile" must be text/],
  ])('%j is refused', async (config, code, detail) => {
    const { value } = await tuned([], folder({ 'athena.config.json': config }))
    expect(value.error).toMatchObject({ code, detail: expect.stringMatching(detail) })
  })

  test('with a profile that is not known is refused', async () => {
    const { value } = await tuned([], folder({ 'athena.config.json': { profile: 'mediun' } }))
    expect(value.error).toMatchObject({ code: 'unknown_profile' })
  })
})
