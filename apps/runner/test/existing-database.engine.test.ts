import { afterAll, beforeAll, expect, test } from 'vitest'
import { onEachEngine, type TestDatabase } from '../../../test/engines.ts'
import { migration, temporaryFolder, writeFiles } from '../../../test/packages.ts'
import { loadCommand } from '../src/find-command.ts'
import { athena, type Outcome } from './athena.ts'
import { faultsOf } from './json-schemas.ts'

/** Milliseconds: a dozen processes, each of which opens the embedded database. */
const patience = 600_000
const first = '20260101000000_create_shop'
const second = '20260102000000_create_orders'

onEachEngine('the command line on an existing database', (engine) => {
  let db: TestDatabase
  let cwd: string

  beforeAll(async () => {
    db = await engine.create()
    // The children open the embedded database, one after the other.
    if (engine.kind === 'embedded') await db.database.close()
    cwd = db.cwd ?? temporaryFolder()
    writeFiles(cwd, {
      'athena.config.json': JSON.stringify({ packages: [], migrations: 'migrations' }),
      'package.json': JSON.stringify({ name: 'shop' }),
      [`migrations/${first}.sql`]: migration('CREATE SCHEMA shop;', 'DROP SCHEMA shop;'),
      [`migrations/${second}.sql`]: migration('CREATE TABLE shop.orders ();', 'DROP TABLE shop.orders;'),
    })
  })
  afterAll(() => db.drop())

  const run = (...args: string[]): Promise<Outcome> => athena(args, { cwd, env: db.env })
  /** What --json prints, checked against the command's own schema. */
  const json = async (...args: string[]): Promise<{ status: Outcome['status']; printed: Record<string, unknown> }> => {
    const { status, stdout, stderr } = await run(...args, '--json')
    expect(stderr).not.toMatch(/^(error|next)/m)
    const printed = JSON.parse(stdout)
    const { output } = await loadCommand(args.slice(0, 2))
    if (printed.error === undefined) expect(faultsOf(output, printed)).toEqual([])
    return { status, printed }
  }
  const code = async (...args: string[]) => {
    const { status, printed } = await json(...args)
    return [status, (printed.error as { code: string } | undefined)?.code]
  }

  test('redo shows both ways, asks on a server only, and goes back and forth', { timeout: patience }, async () => {
    expect(await json('migrate', 'redo')).toEqual({ status: 0, printed: { applied: [] } })
    await run('migrate', 'up')
    expect(await run('migrate', 'redo', '--dry-run')).toMatchObject({
      status: 0,
      stdout: `take back shop/${second} (1 statement)\napply shop/${second} (1 statement)\n`,
    })
    expect((await json('migrate', 'redo', '--steps', '2', '--dry-run')).printed).toMatchObject({
      down: { migrations: [{ file: second }, { file: first }] },
      up: { migrations: [{ file: first }, { file: second }] },
    })
    const { stdout: script } = await run('migrate', 'redo', '--show-sql')
    expect(script.indexOf('DROP TABLE shop.orders')).toBeLessThan(script.indexOf('CREATE TABLE shop.orders'))
    expect(await code('migrate', 'redo', first, '--steps', '1')).toEqual([2, 'malformed_flag'])
    if (engine.kind === 'server') expect(await code('migrate', 'redo')).toEqual([2, 'confirmation_needed'])
    const done = await run('migrate', 'redo', first, ...(engine.kind === 'server' ? ['--yes'] : []))
    expect([done.status, done.stdout.replaceAll(/ \(.*\)/g, '').split('\n')]).toEqual([
      0,
      [`took back ${second}@shop`, `took back ${first}@shop`, `applied ${first}@shop`, `applied ${second}@shop`, ''],
    ])
    expect(done.stderr).toContain('next: athena migrate status')
  })

  test('repair lists what there is, wants a reason and a yes, and keeps both', { timeout: patience }, async () => {
    await run('migrate', 'up')
    expect(await json('migrate', 'repair')).toEqual({ status: 0, printed: { faults: [] } })
    writeFiles(cwd, {
      [`migrations/${second}.sql`]: migration('CREATE TABLE shop.orders (); -- later', 'DROP TABLE shop.orders;'),
    })
    expect(await json('migrate', 'repair')).toMatchObject({
      status: 1,
      printed: { faults: [{ id: `${second}@shop`, fault: 'changed', attempt: null }] },
    })
    expect((await run('migrate', 'repair')).stdout).toContain(`athena migrate repair ${second} --reason TEXT`)
    expect(await code('migrate', 'repair', second)).toEqual([2, 'reason_missing'])
    expect(await code('migrate', 'repair', second, '--reason', 'x')).toEqual([2, 'confirmation_needed'])
    expect(await code('migrate', 'repair', '--forget', '--reason', 'x')).toEqual([2, 'malformed_flag'])
    expect(await code('migrate', 'repair', '--forget', '--applied', second)).toEqual([2, 'malformed_flag'])
    expect(await code('migrate', 'repair', '--all', second)).toEqual([2, 'malformed_flag'])
    expect(await code('migrate', 'repair', 'nothing', '--reason', 'x', '--yes')).toEqual([2, 'unknown_target'])
    expect(await json('migrate', 'repair', '--all', '--dry-run')).toMatchObject({
      status: 0,
      printed: { planned: [{ kind: 'accepted', id: `${second}@shop` }] },
    })
    expect((await run('migrate', 'repair', second, '--reason', 'x', '--show-sql')).stdout).toMatch(
      /^BEGIN;\n[\s\S]*\nCOMMIT;\n$/,
    )
    expect(await json('migrate', 'repair', '--list')).toEqual({ status: 0, printed: { repaired: [] } })
    expect(await json('migrate', 'repair', '--all', '--reason', 'a comment', '--yes')).toMatchObject({
      status: 0,
      printed: { repaired: [{ kind: 'accepted', id: `${second}@shop`, reason: 'a comment' }] },
    })
    expect(await json('migrate', 'repair', '--all', '--reason', 'again', '--yes')).toEqual({
      status: 0,
      printed: { repaired: [] },
    })
    expect((await json('migrate', 'repair', '--list')).printed).toMatchObject({
      repaired: [{ reason: 'a comment', by: 'postgres', at: expect.stringMatching(/^\d{4}-.*Z$/) }],
    })
    expect((await run('migrate', 'status')).status).toBe(0)
  })

  test('baseline compares on a scratch database, and records only what is there', { timeout: patience }, async () => {
    await run('migrate', 'up')
    writeFiles(cwd, {
      'migrations/20260103000000_create_notes.sql': migration('CREATE TABLE shop.notes ();', 'DROP TABLE shop.notes;'),
    })
    const shadow = db.url === undefined ? [] : ['--shadow-url', db.url]
    expect(await json('migrate', 'baseline', '--dry-run', ...shadow)).toEqual({
      status: 1,
      printed: {
        planned: ['20260103000000_create_notes@shop'],
        differences: [
          {
            state: 'missing',
            object: 'table shop.notes',
            expected: expect.stringContaining('CREATE TABLE'),
            actual: null,
          },
        ],
        notes: [],
      },
    })
    expect(await code('migrate', 'baseline', ...shadow)).toEqual([1, 'baseline_differs'])
    await run('migrate', 'up')
    expect(await code('migrate', 'baseline', ...shadow)).toEqual([1, 'nothing_to_baseline'])
    // All migrations have new names now, and their objects are there.
    writeFiles(cwd, { 'package.json': JSON.stringify({ name: 'renamed' }) })
    const { stdout: script } = await run('migrate', 'baseline', '--show-sql', ...shadow)
    expect(script).toMatch(
      /^BEGIN;\nCREATE TABLE IF NOT EXISTS athena_migrations.repairs [\s\S]*@renamed[\s\S]*\nCOMMIT;\n$/,
    )
    const recorded = await json('migrate', 'baseline', '--reason', 'the project was renamed', ...shadow)
    expect(recorded).toMatchObject({ status: 0, printed: { notes: [] } })
    expect(recorded.printed.recorded).toEqual([
      `${first}@renamed`,
      `${second}@renamed`,
      '20260103000000_create_notes@renamed',
    ])
    expect((await run('migrate', 'up')).stdout).toBe('nothing to do: everything is applied\n')
    expect((await run('migrate', 'repair', '--list')).stdout).toContain('the project was renamed')
  })
})
