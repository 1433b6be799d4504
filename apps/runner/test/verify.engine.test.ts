import { expect, test, vi } from 'vitest'
import { athena } from '../../../test/athena.ts'
import { onEachEngine } from '../../../test/engines.ts'
import { freshDatabase } from '../../../test/fresh-database.ts'
import { query } from '../../../test/migrating.ts'
import { installed, migration, temporaryFolder, writeFiles } from '../../../test/packages.ts'
import { eventually } from '../../../test/waiting.ts'
import { loadCommand } from '../src/find-command.ts'
import { faultsOf } from './json-schemas.ts'

// A scratch database takes seconds, and many more on a busy machine.
vi.setConfig({ testTimeout: 300_000 })

onEachEngine('athena migrate verify', (engine) => {
  const db = freshDatabase(engine)
  const shadow = (): string[] => (db().url === undefined ? [] : ['--shadow-url', String(db().url)])

  function project(migrations: Record<string, string>, released?: Record<string, string>): string {
    const files = released && { 'migrations/released.json': JSON.stringify(released) }
    const folder = installed({ shop: { migrations, ...(files && { files }) } }, temporaryFolder())
    writeFiles(folder, { 'athena.config.json': JSON.stringify({ packages: ['shop'] }) })
    return folder
  }
  const run = (cwd: string, ...args: string[]) =>
    athena(['migrate', 'verify', ...shadow(), ...args], { cwd, env: {} }).ended

  const good = {
    '20260101000000_create_shop': migration('CREATE SCHEMA shop CREATE TABLE orders ();', 'DROP SCHEMA shop CASCADE;'),
  }
  const bad = {
    ...good,
    '20260102000000_add_note': migration('ALTER TABLE shop.orders ADD COLUMN note text;', 'SELECT 1;'),
  }

  test('exits 0 where all is right, and prints JSON that fits its schema', async () => {
    const ended = await run(project(good), '--json')
    expect(ended.status).toBe(0)
    const { output } = await loadCommand(['migrate', 'verify'])
    expect(faultsOf(output, JSON.parse(ended.stdout))).toEqual([])
    expect(JSON.parse(ended.stdout)).toMatchObject({ ok: true, migrations: 1, findings: [], changed: [] })
  })

  test('exits 1 where a Down is wrong, and shows the difference', async () => {
    const ended = await run(project(bad))
    expect(ended.status).toBe(1)
    expect(ended.stdout).toContain('wrong    the Down section of shop/20260102000000_add_note is wrong\n')
    expect(ended.stdout).toContain('  unexpected column shop.orders.note\n    + note text\n')
    expect(ended.stderr).toMatch(/next: correct what is wrong, then athena migrate verify\n$/)
  })

  test('exits 1 where a released file was changed or is gone', async () => {
    const released = { '20260101000000_create_shop': 'another', '20250101000000_gone': 'checksum' }
    const ended = await run(project(good, released))
    expect(ended.status).toBe(1)
    expect(ended.stdout).toMatch(
      /changed {2}shop\/20260101000000_create_shop: released\.json says another, now [0-9a-f]{64}\n/,
    )
    expect(ended.stdout).toContain('changed  shop/20250101000000_gone: released.json says checksum, now gone\n')
  })

  test.runIf(engine.kind === 'server')(
    'compares with the ledger of a database that is given, and removes its own when interrupted',
    async () => {
      const url = String(db().url)
      const cwd = project(good)
      expect(await athena(['migrate', 'up', '--database-url', url], { cwd, env: {} }).ended).toMatchObject({
        status: 0,
      })
      writeFiles(cwd, {
        'node_modules/shop/migrations/20260101000000_create_shop.sql': `${good['20260101000000_create_shop']}-- more\n`,
      })
      const changed = await run(cwd, '--database-url', url)
      expect(changed.status).toBe(1)
      expect(changed.stdout).toContain('ledger says ')

      const slow = project({ ...good, '20260102000000_wait': migration('SELECT pg_sleep(600);', 'SELECT 1;') })
      const child = athena(['migrate', 'verify', ...shadow()], { cwd: slow, env: {} })
      const sleeping =
        "SELECT datname FROM pg_stat_activity WHERE datname LIKE 'athena_shadow_%' AND query LIKE '%pg_sleep(600)%' AND pid <> pg_backend_pid()"
      const [row] = await eventually('the shadow to be at work', async () => {
        const rows = await query<{ datname: string }>(db().database, sleeping)
        return rows.length > 0 && rows
      })
      child.process.kill('SIGINT')
      expect(await child.ended).toMatchObject({ status: 130 })
      expect(await query(db().database, 'SELECT datname FROM pg_database WHERE datname = $1', [row?.datname])).toEqual(
        [],
      )
    },
  )
})
