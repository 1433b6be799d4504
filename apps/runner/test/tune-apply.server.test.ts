import { spawn, spawnSync } from 'node:child_process'
import { once } from 'node:events'
import { readdirSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { athena as start } from '../../../test/athena.ts'
import { hasDocker } from '../../../test/docker.ts'
import { temporaryFolder } from '../../../test/packages.ts'
import { eventually } from '../../../test/waiting.ts'
import { athena, type Outcome, type Surroundings } from './athena.ts'
import { type GateProxy, gateProxy } from './gate-proxy.ts'
import { conforming } from './json-schemas.ts'
import { ask, autoConfOf, images, type OwnServer, ownServer, settingsOf } from './own-server.ts'

const patience = 240_000

interface Change {
  name: string
  before: string | null
  after: string | null
}

interface Applied {
  changes: Change[]
  outcomes: { name: string; state: string }[]
}

// Each changes settings of the whole server, so none may be one that other specs use.
describe.skipIf(!hasDocker()).each(images)('athena tune apply on a server of PostgreSQL %i', (major, image) => {
  const facts = [
    '--memory',
    '8GB',
    '--cpus',
    '4',
    '--storage',
    'ssd',
    '--postgres',
    String(major),
    '--connections',
    '80',
  ]
  let server: OwnServer
  let cwd: string
  let proxy: GateProxy | undefined
  beforeAll(async () => {
    server = await ownServer(image)
  }, patience)
  beforeEach(async () => {
    cwd = temporaryFolder()
    await server.query('ALTER SYSTEM RESET ALL')
    await server.query("ALTER SYSTEM SET work_mem = '7MB'")
    await server.query("ALTER SYSTEM SET log_line_prefix = 'it''s \\ %m '")
    await server.query('SELECT pg_reload_conf()')
    await proxy?.close()
    proxy = undefined
  })
  afterAll(async () => {
    await proxy?.close()
    await server?.stop()
  })

  const place = (url = server.url): Surroundings => ({ cwd, env: { DATABASE_URL: url } })
  const apply = (args: readonly string[] = [], url = server.url) =>
    athena(['tune', 'apply', ...facts, ...args], place(url))
  const rollback = (args: readonly string[] = [], url = server.url) =>
    athena(['tune', 'apply', '--rollback', ...args], place(url))
  async function json<T>(outcome: Outcome): Promise<T> {
    return (await conforming(['tune', 'apply'], outcome)) as T
  }
  async function through(): Promise<GateProxy> {
    proxy = await gateProxy(server.url)
    return proxy
  }

  test('writes what differs, says what waits, and leaves nothing to do', async () => {
    const outcome = await apply(['--yes', '--json'])
    expect(outcome).toMatchObject({ status: 0 })
    const { changes, outcomes } = await json<Applied>(outcome)
    expect(changes.length).toBeGreaterThan(20)
    expect(changes.find(({ name }) => name === 'work_mem')).toMatchObject({ before: '7MB' })
    const auto = await autoConfOf(server)
    for (const { name, after } of changes) expect(auto[name]).toBe(after)
    const states = Object.fromEntries(outcomes.map(({ name, state }) => [name, state]))
    expect(states).toMatchObject({ work_mem: 'in effect', shared_buffers: 'waits for restart' })
    expect(Object.values(states).every((state) => state === 'in effect' || state === 'waits for restart')).toBe(true)
    const again = await json<Applied>(await apply(['--yes', '--json']))
    expect(again).toMatchObject({ changes: [], outcomes: [], record: null })
  })

  test('survives a restart with all that was recommended, and a rollback and a restart bring back what was', {
    timeout: patience,
  }, async () => {
    await server.restart()
    const [settings, auto] = [await settingsOf(server), await autoConfOf(server)]
    expect(await apply(['--yes'])).toMatchObject({ status: 0 })
    await server.restart()
    const diff = await athena(['tune', 'diff', ...facts], place())
    expect(diff).toMatchObject({ status: 0, stdout: expect.stringMatching(/all \d+ settings are as recommended/) })
    expect(await server.query('SELECT name FROM pg_settings WHERE pending_restart')).toEqual([])
    expect((await settingsOf(server)).shared_buffers).not.toBe(settings.shared_buffers)
    const undone = await rollback(['--yes'])
    expect(undone).toMatchObject({
      status: 0,
      stderr: expect.stringContaining('restart the server, which ends all sessions: '),
    })
    expect(await autoConfOf(server)).toEqual(auto)
    await server.restart()
    expect(await settingsOf(server)).toEqual(settings)
    expect(await autoConfOf(server)).toEqual(auto)
  })

  test('changes nothing with --dry-run and --show-sql, nor without an answer', async () => {
    const before = await autoConfOf(server)
    expect(await apply(['--dry-run'])).toMatchObject({ status: 0, stdout: expect.stringContaining('shared_buffers') })
    const sql = await apply(['--show-sql'])
    expect(sql.stdout).toMatch(
      /^ALTER SYSTEM SET .*\n[\s\S]*SELECT pg_reload_conf\(\);[\s\S]*-- ALTER SYSTEM SET work_mem = '7MB';/,
    )
    await json(await apply(['--show-sql', '--json']))
    await json(await apply(['--dry-run', '--json']))
    expect(await apply()).toMatchObject({ status: 2, stderr: expect.stringContaining('confirmation_needed') })
    expect(await autoConfOf(server)).toEqual(before)
    expect(readdirSync(cwd)).toEqual([])
  })

  test('prints a script that psql takes, and one that undoes it', async () => {
    const before = await autoConfOf(server)
    const { stdout } = await apply(['--show-sql'])
    const run = async (script: string) => {
      for (const statement of script.split(';\n').filter((each) => each.trim() !== '')) await server.query(statement)
    }
    await run(stdout.slice(0, stdout.indexOf('-- To bring')))
    expect(await json<Applied>(await apply(['--json', '--dry-run']))).toMatchObject({ changes: [] })
    await run(stdout.slice(stdout.indexOf(':\n') + 2).replaceAll(/^-- /gm, ''))
    expect(await autoConfOf(server)).toEqual(before)
  })

  test('takes --only, --skip and --reload-only, and refuses names that it does not know', async () => {
    const names = async (...args: string[]) =>
      (await json<Applied>(await apply(['--dry-run', '--json', ...args]))).changes.map(({ name }) => name)
    expect(await names('--only', 'work_mem, jit')).toEqual(['work_mem', 'jit'])
    expect(await names('--skip', 'work_mem')).not.toContain('work_mem')
    expect(await names('--reload-only')).not.toContain('shared_buffers')
    expect(await names('--reload-only')).toContain('work_mem')
    expect(await apply(['--only', 'wrok_mem'])).toMatchObject({
      status: 2,
      stderr: expect.stringContaining('Did you mean work_mem?'),
    })
  })

  test('takes back what an earlier apply set and is recommended no more', async () => {
    await apply(['--yes', '--workload', 'agent-memory'])
    expect(await autoConfOf(server)).toMatchObject({ track_functions: 'pl' })
    await apply(['--yes', '--workload', 'web'])
    expect(await autoConfOf(server)).not.toHaveProperty('track_functions')
    await rollback(['--yes'])
    expect(await autoConfOf(server)).toMatchObject({ track_functions: 'pl' })
    await rollback(['--yes'])
    expect(await autoConfOf(server)).toEqual({ work_mem: '7MB', log_line_prefix: "it's \\ %m " })
    expect(await rollback(['--yes'])).toMatchObject({
      status: 1,
      stderr: expect.stringContaining('undo_record_missing'),
    })
  })

  describe('killed', () => {
    test.each([
      ['before its first statement', 'ALTER SYSTEM', 1],
      ['after four', 'ALTER SYSTEM', 5],
      ['before the reload', 'pg_reload_conf', 1],
      ['after the reload', 'pg_db_role_setting', 2],
    ])('%s, leaves a record by which --rollback brings everything back', async (_, text, nth) => {
      const [settings, auto] = [await settingsOf(server), await autoConfOf(server)]
      const gate = await through()
      const held = gate.hold(text, nth)
      const child = start(['tune', 'apply', ...facts, '--yes'], { cwd, env: { DATABASE_URL: gate.url } })
      await held
      child.process.kill('SIGKILL')
      expect(await child.ended).toMatchObject({ signal: 'SIGKILL' })
      if (nth === 5) expect(Object.keys(await autoConfOf(server)).length).toBeGreaterThan(Object.keys(auto).length)
      expect(await athena(['tune', 'diff', ...facts], place(gate.url))).toMatchObject({
        stderr: expect.stringContaining('did not end: athena tune apply --rollback'),
      })
      expect(await apply(['--yes'], gate.url)).toMatchObject({
        status: 1,
        stderr: expect.stringContaining('apply_unfinished'),
      })
      expect(await rollback(['--yes'], gate.url)).toMatchObject({ status: 0 })
      expect(await autoConfOf(server)).toEqual(auto)
      expect(await settingsOf(server)).toEqual(settings)
      expect(await apply(['--dry-run'], gate.url)).toMatchObject({ status: 0 })
    })

    test('in the midst of a rollback, rolls back the next time', async () => {
      const auto = await autoConfOf(server)
      const gate = await through()
      await apply(['--yes'], gate.url)
      const held = gate.hold('ALTER SYSTEM', 7)
      const child = start(['tune', 'apply', '--rollback', '--yes'], { cwd, env: { DATABASE_URL: gate.url } })
      await held
      child.process.kill('SIGKILL')
      await child.ended
      expect(await autoConfOf(server)).not.toEqual(auto)
      expect(await rollback(['--yes'], gate.url)).toMatchObject({ status: 0 })
      expect(await autoConfOf(server)).toEqual(auto)
    })
  })

  test('interrupted, brings everything back before it ends', async () => {
    const auto = await autoConfOf(server)
    const gate = await through()
    const held = gate.hold('ALTER SYSTEM', 5)
    const child = start(['tune', 'apply', ...facts, '--yes'], { cwd, env: { DATABASE_URL: gate.url } })
    await held
    child.process.kill('SIGINT')
    gate.open()
    expect(await child.ended).toMatchObject({
      status: 130,
      stderr: expect.stringContaining('everything is as it was before'),
    })
    expect(await autoConfOf(server)).toEqual(auto)
    expect(await rollback(['--yes'], gate.url)).toMatchObject({
      stderr: expect.stringContaining('undo_record_missing'),
    })
  })

  test.each([
    ['after four statements', 'ALTER SYSTEM', 5],
    ['at the reload', 'pg_reload_conf', 1],
  ])('cut off %s, connects again and brings everything back', async (_, text, nth) => {
    const [settings, auto] = [await settingsOf(server), await autoConfOf(server)]
    const gate = await through()
    gate.cut(text, nth)
    expect(await apply(['--yes'], gate.url)).toMatchObject({
      status: 1,
      stderr: expect.stringMatching(/connection_lost[\s\S]*Everything that was changed is as it was before/),
    })
    expect(await autoConfOf(server)).toEqual(auto)
    expect(await settingsOf(server)).toEqual(settings)
  })

  test('waits for a server that crashes meanwhile, and brings everything back', async () => {
    const auto = await autoConfOf(server)
    const gate = await through()
    const held = gate.hold('ALTER SYSTEM', 5)
    const run = apply(['--yes'], gate.url)
    await held
    const [checkpointer] = await server.query<{ pid: number }>(
      "SELECT pid FROM pg_stat_activity WHERE backend_type = 'checkpointer'",
    )
    // The server ends every session at once, and recovers from its log.
    await server.run(`kill -9 ${checkpointer?.pid}`)
    gate.open()
    expect(await run).toMatchObject({ status: 1, stderr: expect.stringContaining('as it was before') })
    expect(await autoConfOf(server)).toEqual(auto)
  })

  test('refuses to run beside another one, of another database too', async () => {
    await server.query('DROP DATABASE IF EXISTS other')
    await server.query('CREATE DATABASE other')
    const gate = await through()
    const held = gate.hold('ALTER SYSTEM', 3)
    const first = apply(['--yes'], gate.url)
    await held
    for (const database of ['postgres', 'other']) {
      const url = Object.assign(new URL(server.url), { pathname: `/${database}` }).href
      const second = await athena(['tune', 'apply', ...facts, '--yes'], {
        cwd: temporaryFolder(),
        env: { DATABASE_URL: url },
      })
      expect(second).toMatchObject({ status: 1, stderr: expect.stringContaining('tuning_in_progress') })
    }
    gate.open()
    expect(await first).toMatchObject({ status: 0 })
  })

  test('does not take back in passing what somebody else has set since', async () => {
    await apply(['--yes'])
    await server.query("ALTER SYSTEM SET work_mem = '9MB'")
    expect(await rollback(['--yes'])).toMatchObject({
      status: 1,
      stderr: expect.stringMatching(/changed_since[\s\S]*9MB/),
    })
    expect(await autoConfOf(server)).toMatchObject({ work_mem: '9MB', jit: 'off' })
    expect(await rollback(['--yes', '--overwrite'])).toMatchObject({ status: 0 })
    expect(await autoConfOf(server)).toMatchObject({ work_mem: '7MB' })
  })

  test('says what else the reload would bring into effect, and refuses while a file has a fault', async () => {
    await server.query("ALTER SYSTEM SET log_duration = 'on'")
    expect((await apply(['--dry-run'])).stdout).toContain('somebody else wrote: log_duration off → on')
    await server.run('cp $PGDATA/postgresql.conf /tmp/kept && echo "jit = lots" >> $PGDATA/postgresql.conf')
    const auto = await autoConfOf(server)
    try {
      expect(await apply(['--yes'])).toMatchObject({
        status: 1,
        stderr: expect.stringContaining('configuration_faulty'),
      })
      expect(await autoConfOf(server)).toEqual(auto)
    } finally {
      await server.run('cp /tmp/kept $PGDATA/postgresql.conf')
    }
  })

  test('keeps libraries that are loaded, and does not name one that is not there', async () => {
    await server.query("ALTER SYSTEM SET shared_preload_libraries = 'auto_explain', 'pg_prewarm'")
    const change = async () =>
      (await json<Applied>(await apply(['--dry-run', '--json']))).changes.find(
        ({ name }) => name === 'shared_preload_libraries',
      )
    const found = await change()
    if (found !== undefined) expect(found.after).toMatch(/^auto_explain, pg_prewarm/)
  })

  test('needs no superuser where each right is granted, and names those that are missing', async () => {
    await server.query('DROP OWNED BY tuner').catch(() => {})
    await server.query('DROP ROLE IF EXISTS tuner')
    await server.query("CREATE ROLE tuner LOGIN PASSWORD 'test'")
    const url = Object.assign(new URL(server.url), { username: 'tuner' }).href
    const auto = await autoConfOf(server)
    const args = ['--yes', '--only', 'work_mem,jit']
    const refused = await apply(args, url)
    expect(refused).toMatchObject({ status: 1, stderr: expect.stringContaining('permission_missing') })
    expect(await autoConfOf(server)).toEqual(auto)
    const grants = [...refused.stderr.matchAll(/^ *(GRANT .*;)$/gm)].map(([, grant]) => grant as string)
    for (const grant of grants) await server.query(grant)
    expect(await apply(args, url)).toMatchObject({ status: 0 })
    expect(await autoConfOf(server)).toMatchObject({ jit: 'off' })
    expect(await rollback(['--yes'], url)).toMatchObject({ status: 0 })
    expect(await autoConfOf(server)).toEqual(auto)
  })

  test('refuses with a hint where ALTER SYSTEM is switched off', async () => {
    await server.run(
      'cp $PGDATA/postgresql.conf /tmp/kept && echo "allow_alter_system = off" >> $PGDATA/postgresql.conf',
    )
    await server.query('SELECT pg_reload_conf()')
    try {
      expect(await apply(['--yes'])).toMatchObject({
        status: 1,
        stderr: expect.stringMatching(/alter_system_disabled[\s\S]*--include-file/),
      })
    } finally {
      await server.run('cp /tmp/kept $PGDATA/postgresql.conf')
      await server.query('SELECT pg_reload_conf()')
    }
  })

  describe('changes nothing, and prints the right change,', () => {
    async function refused(): Promise<Outcome> {
      const auto = await autoConfOf(server)
      const outcome = await apply(['--yes'])
      expect(outcome).toMatchObject({ status: 1, stderr: expect.stringContaining('settings_managed_elsewhere') })
      expect(outcome.stdout).toContain('work_mem')
      expect(await autoConfOf(server)).toEqual(auto)
      await json(await apply(['--yes', '--json']))
      return outcome
    }

    test('under Patroni', async () => {
      const patroni = ask(`${server.url}?application_name=Patroni`, 'SELECT pg_sleep(5)')
      expect((await refused()).stderr).toContain('patronictl edit-config')
      await patroni
    })

    test('under CloudNativePG', async () => {
      await server.run(
        `cp $PGDATA/postgresql.conf /tmp/kept && echo "cnpg.config_sha256 = 'x'" >> $PGDATA/postgresql.conf`,
      )
      await server.query('SELECT pg_reload_conf()')
      try {
        const { stdout } = await refused()
        expect(stdout).toContain('postgresql:')
      } finally {
        await server.run('cp /tmp/kept $PGDATA/postgresql.conf')
        await server.query('SELECT pg_reload_conf()')
      }
    })

    test('on a managed service', async () => {
      await server.query('CREATE ROLE rds_superuser')
      try {
        expect((await refused()).stderr).toContain('parameter group')
      } finally {
        await server.query('DROP ROLE rds_superuser')
      }
    })
  })

  test('notes the settings of roles and databases that beat the server', async () => {
    await server.query("ALTER ROLE postgres SET work_mem = '99MB'")
    try {
      expect((await apply(['--dry-run'])).stderr).toContain('ALTER ROLE postgres SET work_mem = 99MB beats it')
      expect(await apply(['--yes'])).toMatchObject({ status: 0 })
      expect((await autoConfOf(server)).work_mem).not.toBe('7MB')
    } finally {
      await server.query('ALTER ROLE postgres RESET work_mem')
    }
  })

  // util-linux's `script` gives the command a terminal.
  test.runIf(process.platform === 'linux')('asks whoever sits at a terminal', async () => {
    const main = join(import.meta.dirname, '../src/main.ts')
    const command = [process.execPath, '--conditions=athena-src', main, 'tune', 'apply', ...facts].join(' ')
    const answer = (input: string) =>
      spawnSync('script', ['-qec', command, '/dev/null'], {
        cwd,
        env: { ...process.env, DATABASE_URL: server.url },
        input,
        encoding: 'utf8',
      }).stdout
    expect(answer('n\n')).toMatch(/write \d+ settings of .*\[y\/N\][\s\S]*not_confirmed/)
    expect(await autoConfOf(server)).not.toHaveProperty('jit')
    expect(answer('y\n')).toMatch(/settings written/)
    expect(await autoConfOf(server)).toHaveProperty('jit', 'off')
  })

  test.runIf(process.platform === 'linux')('looks again after the question was answered', async () => {
    const main = join(import.meta.dirname, '../src/main.ts')
    const command = [process.execPath, '--conditions=athena-src', main, 'tune', 'apply', ...facts].join(' ')
    const child = spawn('script', ['-qec', command, '/dev/null'], {
      cwd,
      env: { ...process.env, DATABASE_URL: server.url },
    })
    let shown = ''
    child.stdout.setEncoding('utf8').on('data', (text) => {
      shown += text
    })
    const ended = once(child, 'close')
    await eventually('the question', async () => shown.includes('[y/N]'))
    await server.query("ALTER SYSTEM SET work_mem = '11MB'")
    const auto = await autoConfOf(server)
    child.stdin.end('y\n')
    await ended
    expect(shown).toMatch(/changed_meanwhile[\s\S]*work_mem/)
    expect(await autoConfOf(server)).toEqual(auto)
  })
})
