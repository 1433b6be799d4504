import { chmodSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { connect } from '@athena-pg/database'
import pg from 'pg'
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { hasDocker } from '../../../test/docker.ts'
import { temporaryFolder } from '../../../test/packages.ts'
import { carryOut } from '../src/tune/live/carry-out.ts'
import { identifyServer } from '../src/tune/live/identify-server.ts'
import { athena } from './athena.ts'
import { conforming } from './json-schemas.ts'
import { autoConfOf, images, type OwnServer, ownServer } from './own-server.ts'

const patience = 240_000

// What loses data, sessions or the server itself, some time after a change that was accepted.
describe.skipIf(!hasDocker()).each(images)('a change that would do harm on PostgreSQL %i', (_, image) => {
  const facts = ['--cpus', '4', '--storage', 'ssd']
  let server: OwnServer
  let cwd: string
  beforeAll(async () => {
    server = await ownServer(image)
  }, patience)
  beforeEach(async () => {
    cwd = temporaryFolder()
    await server.query('ALTER SYSTEM RESET ALL')
    await server.query('SELECT pg_reload_conf()')
  })
  afterAll(async () => {
    await server?.stop()
  })
  const run = (command: 'apply' | 'diff', ...args: string[]) =>
    athena(['tune', command, ...facts, ...(args.includes('--memory') ? [] : ['--memory', '8GB']), ...args], {
      cwd,
      env: { DATABASE_URL: server.url },
    })

  test('is no ALTER SYSTEM beside a value with a line break, after which the server would not start', {
    timeout: patience,
  }, async () => {
    const file = '$PGDATA/postgresql.auto.conf'
    await server.run(`echo "archive_cleanup_command = 'a\\\\nb'" >> ${file} && cp -p ${file} /tmp/before`)
    expect(await run('apply', '--yes')).toMatchObject({
      status: 1,
      stderr: expect.stringMatching(/auto_conf_unwritable[\s\S]*:\d+ archive_cleanup_command/),
    })
    await server.run(`cmp ${file} /tmp/before`)
    await server.restart()
    expect(await server.query('SHOW archive_cleanup_command')).toEqual([{ archive_cleanup_command: 'a\nb' }])
    await server.run(`sed -i /archive_cleanup_command/d ${file}`)
  })

  test('is no limit below the WAL that a replication slot holds back', { timeout: patience }, async () => {
    await server.query("SELECT pg_create_physical_replication_slot('away', true)")
    try {
      for (let segment = 0; segment < 20; segment += 1) {
        await server.query("SELECT pg_logical_emit_message(false, 'spec', 'x')")
        await server.query('SELECT pg_switch_wal()')
      }
      const outcome = await run('apply', '--wal-disk', '1GB', '--yes', '--json')
      const { changes, notes } = (await conforming(['tune', 'apply'], outcome)) as {
        changes: { name: string }[]
        notes: string[]
      }
      expect(changes.map(({ name }) => name)).not.toContain('max_slot_wal_keep_size')
      expect(notes.join('\n')).toMatch(/max_slot_wal_keep_size: kept, not 256MB: a replication slot holds back \d+ MB/)
      await server.query('CHECKPOINT')
      expect(await server.query('SELECT wal_status FROM pg_replication_slots')).not.toEqual([{ wal_status: 'lost' }])
    } finally {
      await server.query("SELECT pg_drop_replication_slot('away')")
    }
  })

  test('is no fewer connections than are open, and fewer than now are warned of', async () => {
    const clients = Array.from({ length: 25 }, () => new pg.Client({ connectionString: server.url }))
    await Promise.all(clients.map((client) => client.connect()))
    try {
      const few = await run('diff', '--connections', '20')
      expect(few.stderr).toMatch(/max_connections: kept, not 20: \d+ sessions are open/)
      const enough = await run('diff', '--connections', '60')
      expect(enough.stderr).toMatch(/warning: max_connections goes down from 100 to 60 .* \d+ sessions are open/)
      const { warnings } = (await conforming(['tune', 'diff'], await run('diff', '--connections', '60', '--json'))) as {
        warnings: string[]
      }
      expect(warnings).toHaveLength(1)
    } finally {
      await Promise.all(clients.map((client) => client.end()))
    }
  })

  test('is no less of what somebody raised for workers, locks and senders, unless it is named', {
    timeout: patience,
  }, async () => {
    for (const [name, value] of [
      ['max_worker_processes', 40],
      ['max_locks_per_transaction', 1024],
      ['max_wal_senders', 30],
    ])
      await server.query(`ALTER SYSTEM SET ${name} = ${value}`)
    await server.restart()
    const { kept } = (await conforming(['tune', 'diff'], await run('diff', '--memory', '900MB', '--json'))) as {
      kept: { name: string; why: string }[]
    }
    const names = kept.map(({ name }) => name)
    expect(names).toEqual(
      expect.arrayContaining(['max_worker_processes', 'max_locks_per_transaction', 'max_wal_senders']),
    )
    const all = await run('apply', '--memory', '900MB', '--show-sql')
    expect(all.stdout).not.toMatch(/max_worker_processes|max_locks_per_transaction|max_wal_senders/)
    const named = await run('apply', '--memory', '900MB', '--only', 'max_locks_per_transaction', '--show-sql')
    expect(named.stdout).toContain("ALTER SYSTEM SET max_locks_per_transaction = '128'")
    await server.query('ALTER SYSTEM RESET ALL')
    await server.restart()
  })

  test('is told where the worst case stays over the limit', async () => {
    await server.query("ALTER SYSTEM SET work_mem = '1GB'")
    await server.query('SELECT pg_reload_conf()')
    expect((await run('apply', '--skip', 'work_mem', '--dry-run')).stdout).toMatch(/warning: .* is over the limit/)
    expect((await run('apply', '--dry-run')).stdout).not.toMatch(/is over the limit/)
  })

  test('is no escape sequence that a value sends to the terminal, and the value comes back as it was', async () => {
    await server.query("ALTER SYSTEM SET log_line_prefix = E'a\\x1b[2J\\u009b''\\\\ '")
    await server.query('SELECT pg_reload_conf()')
    const before = await autoConfOf(server)
    expect(before.log_line_prefix).toBe("a\x1b[2J\x9b'\\ ")
    for (const args of [['--dry-run'], ['--show-sql'], ['--yes'], ['--rollback', '--yes']]) {
      const given = args.includes('--rollback') ? [] : [...facts, '--memory', '8GB']
      const { stdout, stderr } = await athena(['tune', 'apply', ...given, ...args], {
        cwd,
        env: { DATABASE_URL: server.url },
      })
      expect(stdout).toContain('log_line_prefix')
      expect(`${stdout}${stderr}`).not.toMatch(/(?!\n)\p{Cc}/u)
    }
    expect(await autoConfOf(server)).toEqual(before)
    expect((await run('diff')).stdout).toContain('a\\x1b[2J')
  })

  test('is not said to be undone where only the record of it could not be marked', async () => {
    const database = await connect({ url: server.url })
    const client = await database.open('spec')
    try {
      const query = client.query.bind(client) as (...args: unknown[]) => unknown
      client.query = ((...args: unknown[]) => {
        if (args[0] === 'SELECT pg_reload_conf()') rmSync(join(cwd, '.athena'), { recursive: true })
        return query(...args)
      }) as typeof client.query
      const said: string[] = []
      const budget = { limit: 1, reserve: 0, worstCase: 0, parts: [] }
      const { outcomes } = await carryOut(
        { project: cwd, talk: (line) => void said.push(line), atEnd: () => {} },
        database,
        client,
        {
          location: '',
          changes: [{ name: 'jit', before: null, after: 'off' }],
          settings: [],
          file: undefined,
          before: budget,
          after: budget,
          warnings: [],
          unchecked: [],
          notes: [],
        },
        await identifyServer(client, database.location),
        new Date().toISOString(),
      )
      expect(outcomes).toMatchObject([{ name: 'jit', state: 'in effect' }])
      expect(said).toEqual([expect.stringMatching(/^warning: .*cannot be marked as done/)])
    } finally {
      await database.close()
    }
  })

  test('is told by diff where a file has a fault already', async () => {
    await server.run('echo "work_mem = = 3" >> $PGDATA/postgresql.conf')
    try {
      expect((await run('diff')).stderr).toMatch(/warning: \S+postgresql\.conf:\d+: syntax error: .*takes no change/)
    } finally {
      await server.run('sed -i "/work_mem = = 3/d" $PGDATA/postgresql.conf')
    }
  })
})

describe.skipIf(!hasDocker()).each(images.slice(0, 1))('--include-file on PostgreSQL %i', (_, image) => {
  const facts = ['--memory', '8GB', '--cpus', '4', '--storage', 'ssd', '--yes']
  const folder = temporaryFolder()
  let server: OwnServer
  beforeAll(async () => {
    chmodSync(folder, 0o755)
    server = await ownServer(image, folder)
  }, patience)
  afterAll(async () => {
    await server?.stop()
  })

  test('replaces no file of somebody else, warns of lines that go, and writes nothing that is there', async () => {
    const place = { cwd: temporaryFolder(), env: { DATABASE_URL: server.url } }
    const apply = (path: string) => athena(['tune', 'apply', ...facts, '--include-file', path], place)
    const own = join(folder, 'athena.conf')
    const foreign = join(folder, 'site.conf')
    writeFileSync(foreign, "# the administrator's\nstatement_timeout = '1h'\n")
    expect(await apply(foreign)).toMatchObject({ status: 2, stderr: expect.stringContaining('file_not_ours') })
    expect(await apply(folder)).toMatchObject({ status: 2, stderr: expect.stringContaining('is no file') })
    writeFileSync(own, "# nothing yet\nathena.tuned = 'earlier'\nlock_timeout = '1h'\n")
    const first = await apply(own)
    expect(first).toMatchObject({ status: 0, stdout: expect.stringMatching(/not have any more: lock_timeout/) })
    expect(await apply(own)).toMatchObject({ status: 0, stdout: expect.stringMatching(/^nothing to do/) })
    const script = await athena(['tune', 'apply', '--rollback', '--show-sql'], place)
    expect(script.stdout).toMatch(/^-- restore \S+athena\.conf, from/)
    writeFileSync(own, "athena.tuned = 'earlier'\nmax_locks_per_transaction = '1024'\n")
    await server.restart()
    expect(await apply(own)).toMatchObject({ status: 0 })
    expect(readFileSync(own, 'utf8')).toContain("\nmax_locks_per_transaction = '1024'\n")
  })
})
