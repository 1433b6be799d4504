import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { hasDocker } from '../../../test/docker.ts'
import { temporaryFolder } from '../../../test/packages.ts'
import { bareBinaries } from '../../../test/postgres-binaries.ts'
import { eventually } from '../../../test/waiting.ts'
import { athena, type Outcome } from './athena.ts'
import { conforming } from './json-schemas.ts'
import { ask, autoConfOf, images, type OwnServer, ownServer } from './own-server.ts'

const patience = 240_000

interface Diff {
  standby: boolean
  differences: { name: string; state: string; current: string | null; origin: string }[]
  kept: { name: string }[]
  notes: string[]
  memory: { before: { worstCase: number }; after: { worstCase: number } }
}

describe.skipIf(!hasDocker()).each(images)('athena tune diff on a server of PostgreSQL %i', (major, image) => {
  const facts = ['--memory', '8GB', '--cpus', '4', '--storage', 'ssd', '--connections', '80']
  const binary = bareBinaries().find(({ version }) => version === major)
  let server: OwnServer
  const cwd = temporaryFolder()
  beforeAll(async () => {
    server = await ownServer(image)
  }, patience)
  afterAll(() => server?.stop())

  const diff = (url: string, ...args: string[]) =>
    athena(['tune', 'diff', ...facts, ...args], { cwd, env: { DATABASE_URL: url } })
  async function json(outcome: Outcome): Promise<Diff> {
    return (await conforming(['tune', 'diff'], outcome)) as Diff
  }

  test('exits 1 where something differs, most important first, with the worst case before and after', async () => {
    const { status, stdout } = await diff(server.url)
    expect(status).toBe(1)
    expect(stdout).toMatch(
      /^setting +current +from +recommended +takes effect\nshared_buffers +128MB +postgresql\.conf:\d+ +2GB +restart/,
    )
    expect(stdout).toMatch(/memory at worst: now [\d.]+ GB \(\d+ %\), then [\d.]+ GB \(\d+ %\) of 8 GB/)
    const found = await json(await diff(server.url, '--json'))
    expect(found.differences[0]).toMatchObject({ name: 'shared_buffers', state: 'different', current: '128MB' })
    expect(found.memory.after.worstCase).not.toBe(found.memory.before.worstCase)
  })

  test('says where a value comes from, and changes nothing', async () => {
    await server.query("ALTER SYSTEM SET work_mem = '1MB'")
    await server.query('SELECT pg_reload_conf()')
    const auto = await autoConfOf(server)
    const { differences } = await json(await diff(server.url, '--json'))
    expect(differences.find(({ name }) => name === 'work_mem')).toMatchObject({
      origin: 'ALTER SYSTEM',
      current: '1MB',
    })
    expect(differences.find(({ name }) => name === 'jit')).toMatchObject({ origin: 'default', current: 'on' })
    expect(await autoConfOf(server)).toEqual(auto)
  })

  test('works as a plain role, and says what that one does not see', async () => {
    await server.query("CREATE ROLE reader LOGIN PASSWORD 'test'")
    const url = Object.assign(new URL(server.url), { username: 'reader' }).href
    const { status, stderr, stdout } = await diff(url)
    expect(status).toBe(1)
    expect(stdout).toContain('work_mem')
    expect(stderr).toMatch(/not visible to this role: .*shared_preload_libraries.*GRANT pg_read_all_settings TO reader/)
    expect(stderr).toContain('may not read pg_file_settings')
    await json(await diff(url, '--json'))
  })

  test('asks for what a plain role does not see of the machine', async () => {
    const url = Object.assign(new URL(server.url), { username: 'reader' }).href
    const told = await athena(['tune', 'diff', '--storage', 'ssd'], { cwd, env: { DATABASE_URL: url } })
    expect(told).toMatchObject({ status: 2, stderr: expect.stringMatching(/memory_unknown[\s\S]*--memory/) })
  })

  test('on a standby keeps what must not be lower than on the primary; apply writes the rest there and nowhere else', {
    timeout: patience,
  }, async () => {
    await server.query("ALTER ROLE postgres PASSWORD 'test'")
    await server.run('echo "host replication all all trust" >> $PGDATA/pg_hba.conf')
    await server.query('SELECT pg_reload_conf()')
    await server.run('mkdir -p /standby && chown postgres /standby')
    await server.run('su postgres -c "PATH=$PATH pg_basebackup -h 127.0.0.1 -U postgres -R -D /standby/data -c fast"')
    await server.run('su postgres -c "PATH=$PATH pg_ctl -D /standby/data -o \'-p 5433\' -l /standby/log -w start"')
    const standby = server.standbyUrl
    await eventually('the standby to answer', () => ask(standby, 'SELECT 1 AS one').catch(() => undefined))
    const found = await json(await diff(standby, '--json'))
    expect(found.standby).toBe(true)
    // 80 connections were told, and the primary has 100.
    expect(found.kept.map(({ name }) => name)).toContain('max_connections')
    expect(found.differences.map(({ name }) => name)).not.toContain('max_connections')
    const auto = await autoConfOf(server)
    const applied = await athena(['tune', 'apply', ...facts, '--yes'], { cwd, env: { DATABASE_URL: standby } })
    expect(applied).toMatchObject({ status: 0 })
    expect(await ask(standby, 'SHOW jit')).toEqual([{ jit: 'off' }])
    expect(await autoConfOf(server)).toEqual(auto)
    // The same identity: its record is not taken for the primary's.
    const other = await athena(['tune', 'apply', '--rollback', '--yes'], { cwd, env: { DATABASE_URL: server.url } })
    expect(other).toMatchObject({ status: 1, stderr: expect.stringMatching(/undo_record_missing[\s\S]*another node/) })
    const undone = await athena(['tune', 'apply', '--rollback', '--yes'], { cwd, env: { DATABASE_URL: standby } })
    expect(undone).toMatchObject({ status: 0 })
    expect(await ask(standby, 'SHOW jit')).toEqual([{ jit: 'on' }])
    const raised = await athena(['tune', 'apply', ...facts, '--connections', '120', '--memory', '16GB', '--dry-run'], {
      cwd,
      env: { DATABASE_URL: server.url },
    })
    expect(raised.stdout).toMatch(/raise it on the 1 standby\(s\) first/)
  })

  test('knows Patroni by what it puts on the command line, whoever asks', { timeout: patience }, async () => {
    const flags = [
      'max_connections=100',
      'max_locks_per_transaction=64',
      'max_worker_processes=8',
      'max_prepared_transactions=0',
      'wal_level=replica',
      'track_commit_timestamp=off',
    ]
    await server.run('su postgres -c "PATH=$PATH pg_ctl -D /standby/data -m immediate -w stop" || true')
    await server.run(
      `su postgres -c "PATH=$PATH pg_ctl -D /standby/data -o '-p 5433 ${flags.map((each) => `-c ${each}`).join(' ')}' -l /standby/log -w start"`,
    )
    const url = Object.assign(new URL(server.standbyUrl), { username: 'reader' }).href
    expect(await json(await diff(url, '--json'))).toMatchObject({ platform: 'patroni' })
    const { differences } = await json(await diff(server.url, '--json'))
    expect(differences.length).toBeGreaterThan(0)
  })

  test.skipIf(binary === undefined)(
    'a PostgreSQL of the same version judges what needs a restart before apply writes it',
    {
      timeout: patience,
    },
    async () => {
      const env = { DATABASE_URL: server.url, PATH: `${binary?.bin}:${process.env.PATH}` }
      const proved = await athena(['tune', 'apply', ...facts, '--dry-run'], { cwd, env })
      expect(proved).toMatchObject({
        status: 0,
        stderr: expect.stringContaining('would start with the values that need a restart'),
      })
      // With senders, which come with connections, this is refused at the next start only.
      await server.query("ALTER SYSTEM SET superuser_reserved_connections = '95'")
      await server.query('SELECT pg_reload_conf()')
      const refused = await athena(['tune', 'apply', ...facts, '--yes'], { cwd, env })
      expect(refused).toMatchObject({ status: 1, stderr: expect.stringContaining('restart_refused') })
      expect(await autoConfOf(server)).not.toHaveProperty('jit')
    },
  )
})
