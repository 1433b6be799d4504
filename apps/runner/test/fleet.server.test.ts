import { once } from 'node:events'
import { existsSync } from 'node:fs'
import { type AddressInfo, createServer } from 'node:net'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { openGate, shutGate, someoneAtTheGate } from '../../../packages/migrator/test/gate.ts'
import { onEachEngine, type TestDatabase } from '../../../test/engines.ts'
import { empty } from '../../../test/fresh-database.ts'
import { ledgerNames, migrate, packagesOf, query } from '../../../test/migrating.ts'
import { installed, migration } from '../../../test/packages.ts'
import { eventually } from '../../../test/waiting.ts'
import { athena, type Outcome, outcome, startAthena } from './athena.ts'
import { conforming } from './json-schemas.ts'
import { busyAmong, createMany, gated, isUntouched, projectOf, shop, type Target, targetsOf } from './many-databases.ts'

interface Row {
  name: string
  result: string
  applied: { id: string }[]
  error: { code: string; message: string } | null
}

// Several processes that each work on several databases, beside whatever else the machine does.
const timeout = 240_000

onEachEngine('many databases', (engine) => {
  let all: TestDatabase[] = []
  beforeAll(async () => {
    all = await createMany(engine, 8)
  })
  afterAll(() => Promise.all(all.map((db) => db.drop())))
  const some = async (count: number): Promise<TestDatabase[]> => {
    const found = all.slice(0, count)
    await Promise.all(found.map(({ database }) => empty(database)))
    return found
  }

  async function json(cwd: string, command: string, ...args: string[]): Promise<Outcome & { rows: Row[] }> {
    const found = await athena(['migrate', command, '--targets', 'targets.json', ...args, '--json'], { cwd })
    const { targets } = (await conforming(['migrate', command], found)) as { targets: Row[] }
    return { ...found, rows: targets }
  }
  const resultsOf = ({ rows }: { rows: Row[] }) => rows.map(({ result }) => result)

  test('of which some fail: the others are done, and each failure is told with its reason, and no password is', {
    timeout,
  }, async () => {
    const databases = await some(8)
    const [behind, held] = databases as [TestDatabase, TestDatabase]
    const targets: Target[] = targetsOf(databases)
    const wrong = Object.assign(new URL(behind.url ?? ''), { password: 'sesame-wrong', pathname: '/elsewhere' }).href
    targets.push({ name: 'wrong', url: wrong }, { name: 'gone', url: 'postgres://ada:sesame-gone@127.0.0.1:1/app' })
    const cwd = projectOf(shop, targets)
    await migrate(behind.database, packagesOf({ shop }), { to: '20260101000000' })
    const holder = await held.database.open('spec holder')
    await holder.query("SELECT pg_advisory_lock(hashtext(current_database()), hashtext('athena_migrations'))")

    const first = await json(cwd, 'up', '--wait', '0.5')
    expect(first.status).toBe(1)
    expect(first.rows.map(({ name, result, applied, error }) => [name, result, applied.length, error?.code])).toEqual([
      ['t1', 'done', 2, undefined],
      ['t2', 'failed', 0, 'locked'],
      ...['t3', 't4', 't5', 't6', 't7', 't8'].map((name) => [name, 'done', 3, undefined]),
      ['wrong', 'failed', 0, 'wrong_password'],
      ['gone', 'failed', 0, 'server_unreachable'],
    ])
    await holder.end()

    const second = await athena(['migrate', 'up', '--targets', 'targets.json'], { cwd })
    expect(second.status).toBe(1)
    const lines = second.stdout.trimEnd().split('\n')
    expect(lines.slice(0, -11).sort()).toEqual([
      expect.stringMatching(/^\[t2\] applied 20260101000000_create@shop \(.*s\)$/),
      expect.stringMatching(/^\[t2\] applied 20260102000000_create_orders@shop \(.*s\)$/),
      expect.stringMatching(/^\[t2\] applied function shop\/one \(.*s\)$/),
    ])
    expect(lines.at(-11)).toMatch(/^target {2}result {2}applied +time {2}error$/)
    expect(lines.at(-9)).toMatch(/^t2 {6}done {10}3 +\d+\.\d s$/)
    expect(lines.at(-1)).toMatch(/^gone {4}failed {8}0 +\d+\.\d s {2}server_unreachable: the server cannot be reached$/)
    expect(second.stderr).toMatch(/^\[wrong\] hint: /m)
    expect(second.stderr).toMatch(/\n8 done, 2 failed\nnext: .*athena migrate up --targets targets\.json\n$/)
    for (const text of [first.stdout, first.stderr, second.stdout, second.stderr]) {
      expect(text).not.toContain('sesame')
      expect(text).not.toContain(`${new URL(behind.url ?? '').password}@`)
    }
    expect(existsSync(join(cwd, '.athena'))).toBe(false)
  })

  test('are worked on so many at a time, and never more', { timeout }, async () => {
    const databases = await some(5)
    await Promise.all(databases.map(({ database }) => shutGate(database)))
    const running = json(projectOf(gated, targetsOf(databases)), 'up', '--at-once', '2')
    for (const [index, { database }] of databases.entries()) {
      await someoneAtTheGate(database)
      const beside = databases[index + 1]
      if (beside !== undefined) await someoneAtTheGate(beside.database)
      // Both lanes stand at their gates, so nothing moves while we look.
      expect(await busyAmong(databases)).toHaveLength(beside === undefined ? 1 : 2)
      await openGate(database)
      await eventually('it to be done', async () => (await ledgerNames(database)).length === 3)
      await eventually('its sessions to be gone', async () => {
        const name = new URL(databases[index]?.url ?? '').pathname.slice(1)
        return !(await busyAmong(databases)).includes(name)
      })
    }
    expect(resultsOf(await running)).toEqual(['done', 'done', 'done', 'done', 'done'])
  })

  test('have a canary, which is alone until it is done', { timeout }, async () => {
    const databases = await some(3)
    const last = databases[2] as TestDatabase
    await Promise.all(databases.map(({ database }) => shutGate(database)))
    const cwd = projectOf(gated, targetsOf(databases))
    const running = json(cwd, 'up', '--canary', 't3')
    await someoneAtTheGate(last.database)
    expect(await busyAmong(databases)).toHaveLength(1)
    expect(await Promise.all(databases.slice(0, 2).map(isUntouched))).toEqual([true, true])
    // What is read was read before the first was begun: all get the same.
    installed({ shop: { migrations: { '20260101000000_create': migration('SELECT 1 / 0;') } } }, cwd)
    await Promise.all(databases.map(({ database }) => openGate(database)))
    expect(resultsOf(await running)).toEqual(['done', 'done', 'done'])
    for (const { database } of databases) expect(await ledgerNames(database)).toHaveLength(3)
  })

  test.each([
    ['that --canary names', ['--canary', 't2'], {}],
    ['that the file marks', [], { canary: true }],
  ])('of which a canary %s fails are not touched', { timeout }, async (_, flags, mark) => {
    const databases = await some(3)
    const canary = databases[1] as TestDatabase
    await query(canary.database, 'CREATE SCHEMA shop')
    const targets = targetsOf(databases)
    targets[1] = { ...(targets[1] as Target), ...mark }
    const cwd = projectOf(shop, targets)
    const found = await json(cwd, 'up', ...flags)
    expect(found.status).toBe(1)
    expect(found.rows).toMatchObject([
      { result: 'skipped', applied: [], error: null },
      { result: 'failed', applied: [], error: { code: 'migration_failed' } },
      { result: 'skipped', applied: [], error: null },
    ])
    expect(await isUntouched(databases[0] as TestDatabase)).toBe(true)
    expect(await isUntouched(databases[2] as TestDatabase)).toBe(true)
    // Mended, it goes first, and the others follow.
    await query(canary.database, 'DROP SCHEMA shop')
    expect(resultsOf(await json(cwd, 'up', ...flags))).toEqual(['done', 'done', 'done'])
  })

  test('of which one fails half-way: what was applied before is told', { timeout }, async () => {
    const [one] = (await some(1)) as [TestDatabase]
    const broken = { migrations: { ...shop.migrations, '20260103000000_break': migration('SELECT 1 / 0;') } }
    const found = await json(projectOf(broken, targetsOf([one])), 'up')
    expect(found.rows).toMatchObject([
      {
        result: 'failed',
        applied: [{ id: '20260101000000_create@shop' }, { id: '20260102000000_create_orders@shop' }],
      },
    ])
  })

  test('with --stop-on-failure: after one has failed no further one is begun', { timeout }, async () => {
    const databases = await some(3)
    const targets = targetsOf(databases)
    targets.splice(1, 0, { name: 'gone', url: 'postgres://127.0.0.1:1/app' })
    const cwd = projectOf(shop, targets)
    const stopped = await json(cwd, 'up', '--at-once', '1', '--stop-on-failure')
    expect(stopped.status).toBe(1)
    expect(resultsOf(stopped)).toEqual(['done', 'failed', 'skipped', 'skipped'])
    expect(await isUntouched(databases[1] as TestDatabase)).toBe(true)
    expect(resultsOf(await json(cwd, 'up', '--at-once', '1'))).toEqual(['done', 'failed', 'done', 'done'])
  })

  test('killed -9 in the middle are all finished by the next run', { timeout }, async () => {
    const databases = await some(4)
    await Promise.all(databases.map(({ database }) => shutGate(database)))
    const cwd = projectOf(gated, targetsOf(databases))
    const child = startAthena(['migrate', 'up', '--targets', 'targets.json', '--at-once', '3'], { cwd })
    const ended = outcome(child)
    for (const { database } of databases.slice(0, 3)) await someoneAtTheGate(database)
    await openGate((databases[0] as TestDatabase).database)
    await someoneAtTheGate((databases[3] as TestDatabase).database)
    child.kill('SIGKILL')
    expect((await ended).status).toBe('SIGKILL')
    await Promise.all(databases.slice(1).map(({ database }) => openGate(database)))
    expect(resultsOf(await json(cwd, 'up'))).toEqual(['done', 'done', 'done', 'done'])
    const [wanted, ...others] = await Promise.all(databases.map(({ database }) => ledgerNames(database)))
    expect(wanted).toHaveLength(3)
    for (const names of others) expect(names).toEqual(wanted)
    const again = await json(cwd, 'status')
    expect(again.status).toBe(0)
  })

  test('interrupted: nothing further is begun, sessions end, and the table says what was cut off', {
    timeout,
  }, async () => {
    const databases = await some(4)
    const [done, ...waiting] = databases as [TestDatabase, ...TestDatabase[]]
    await Promise.all(databases.map(({ database }) => shutGate(database)))
    await openGate(done.database)
    const cwd = projectOf(gated, targetsOf(databases))
    const child = startAthena(['migrate', 'up', '--targets', 'targets.json', '--at-once', '2', '--json'], { cwd })
    const ended = outcome(child)
    for (const { database } of waiting.slice(0, 2)) await someoneAtTheGate(database)
    child.kill('SIGINT')
    const { status, stdout } = await ended
    expect(status).toBe(130)
    const found = (await conforming(['migrate', 'up'], { status, stdout, stderr: '' })) as { targets: Row[] }
    expect(found.targets).toMatchObject([
      { result: 'done', applied: [{}, {}, {}, {}] },
      { result: 'interrupted', applied: [{ id: '20260101000000_create@shop' }], error: { code: 'interrupted' } },
      { result: 'interrupted', applied: [{ id: '20260101000000_create@shop' }], error: { code: 'interrupted' } },
      { result: 'skipped' },
    ])
    await eventually('no session to be left', async () => (await busyAmong(databases)).length === 0)
    expect(await isUntouched(databases[3] as TestDatabase)).toBe(true)
  })

  test('interrupted while one does not even answer: it is not waited for', { timeout }, async () => {
    const connected = Promise.withResolvers<void>()
    const silent = createServer(() => connected.resolve()).listen(0, '127.0.0.1')
    await once(silent, 'listening')
    const { port } = silent.address() as AddressInfo
    const url = `postgres://ada:sesame@127.0.0.1:${port}/app?connect_timeout=0`
    const cwd = projectOf(shop, [{ name: 'silent', url }])
    const child = startAthena(['migrate', 'up', '--targets', 'targets.json'], { cwd })
    const ended = outcome(child)
    await connected.promise
    child.kill('SIGTERM')
    const { status, stdout, stderr } = await ended
    expect(status).toBe(143)
    expect(stdout).toMatch(/^silent {2}interrupted +0 +\d+\.\d s {2}interrupted: it was interrupted$/m)
    expect(stderr).toMatch(/^1 interrupted$/m)
    silent.close()
  })

  test('are only asked by plan, status and a dry run, and status ends with the worst', { timeout }, async () => {
    const databases = await some(3)
    const cwd = projectOf(shop, targetsOf(databases))
    expect(await json(cwd, 'plan')).toMatchObject({ status: 0, rows: [{ result: 'pending', plan: {} }, {}, {}] })
    const planned = await athena(['migrate', 'plan', '--targets', 'targets.json', '--to', '20260101000000'], { cwd })
    const lines = planned.stdout.split('\n')
    expect(lines.slice(0, 3).sort()).toEqual(
      ['t1', 't2', 't3'].map((name) => `[${name}] apply shop/20260101000000_create (1 statement)`),
    )
    expect(lines[3]).toMatch(/^target {2}result {3}to do {2} *time {2}error$/)
    expect(await json(cwd, 'up', '--dry-run', '--canary', 't1')).toMatchObject({
      status: 0,
      rows: [{ plan: {} }, {}, {}],
    })
    expect(await json(cwd, 'status')).toMatchObject({ status: 3, rows: [{ result: 'pending', status: {} }, {}, {}] })
    expect(await Promise.all(databases.map(isUntouched))).toEqual([true, true, true])
    await json(cwd, 'up')
    expect(await json(cwd, 'plan')).toMatchObject({ status: 0, rows: [{ result: 'up_to_date' }, {}, {}] })
    expect(await json(cwd, 'status')).toMatchObject({ status: 0, rows: [{ result: 'up_to_date' }, {}, {}] })
    await query((databases[1] as TestDatabase).database, 'DROP FUNCTION shop.one')
    await migrate((databases[2] as TestDatabase).database, packagesOf({ shop }), { direction: 'down' })
    const drifted = await json(cwd, 'status')
    expect(drifted.status).toBe(4)
    expect(resultsOf(drifted)).toEqual(['up_to_date', 'drifted', 'pending'])
    const shown = await athena(['migrate', 'status', '--targets', 'targets.json'], { cwd })
    expect(shown.stdout).toContain('[t2] missing  function shop/one\n')
    expect(
      await json(
        projectOf(shop, [...targetsOf(databases), { name: 'gone', url: 'postgres://127.0.0.1:1/x' }]),
        'status',
      ),
    ).toMatchObject({
      status: 1,
      rows: [{}, {}, {}, { result: 'failed', status: null }],
    })
  })

  test('go down only to a migration that is named', { timeout }, async () => {
    const databases = await some(2)
    const cwd = projectOf(shop, targetsOf(databases))
    await json(cwd, 'up')
    const refused = await athena(['migrate', 'down', '--targets', 'targets.json', '--json'], { cwd })
    expect(refused.status).toBe(2)
    expect(await conforming(['migrate', 'down'], refused)).toMatchObject({ error: { code: 'malformed_flag' } })
    expect(await json(cwd, 'down', '--dry-run')).toMatchObject({ rows: [{ result: 'pending' }, { result: 'pending' }] })
    const down = await json(cwd, 'down', '--to', '20260101000000')
    expect(down.rows).toMatchObject([
      { result: 'done', applied: [{}] },
      { result: 'done', applied: [{}] },
    ])
    for (const { database } of databases) expect(await ledgerNames(database)).toEqual(['20260101000000_create@shop'])
  })

  test('each have their own variables, which --set goes before', { timeout }, async () => {
    const databases = await some(2)
    const sized = {
      athena: { variables: { size: { type: 'integer', default: 1 }, kind: { type: 'string', default: 'a' } } },
      migrations: {
        '20260101000000_create': migration("CREATE TABLE public.sized AS SELECT :size AS size, :'kind' AS kind;"),
      },
    }
    const targets = targetsOf(databases)
    targets[0] = { ...(targets[0] as Target), variables: { size: 2, kind: 'b' } }
    await json(projectOf(sized, targets), 'up', '--set', 'kind=c')
    const read = ({ database }: TestDatabase) => query(database, 'SELECT size, kind FROM public.sized')
    expect(await Promise.all(databases.map(read))).toEqual([[{ size: 2, kind: 'c' }], [{ size: 1, kind: 'c' }]])
  })

  test('are not touched by a wrong call, which is wrong for all of them', { timeout }, async () => {
    const databases = await some(2)
    const cwd = projectOf(shop, targetsOf(databases))
    const found = await json(cwd, 'up', '--to', 'nowhere', '--at-once', '1')
    expect(found.status).toBe(2)
    expect(found.rows).toMatchObject([{ result: 'failed', error: { code: 'unknown_target' } }, { result: 'skipped' }])
    expect(await Promise.all(databases.map(isUntouched))).toEqual([true, true])
  })
})
