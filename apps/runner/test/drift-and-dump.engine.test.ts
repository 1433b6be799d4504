import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { connect } from '@athena-pg/database'
import { expect, test } from 'vitest'
import { athena } from '../../../test/athena.ts'
import { type Engine, onEachEngine, type TestDatabase } from '../../../test/engines.ts'
import { query } from '../../../test/migrating.ts'
import { temporaryFolder } from '../../../test/packages.ts'
import { loadCommand } from '../src/find-command.ts'
import { faultsOf } from './json-schemas.ts'

const schemaSql = fileURLToPath(new URL('../../../packages/schema/schema.sql', import.meta.url))

/** A database for the command line alone: the embedded one is open in one process at a time. */
async function withStore(
  engine: Engine,
  work: (run: ReturnType<typeof runIn>, db: TestDatabase) => Promise<void>,
): Promise<void> {
  const db = await engine.create()
  await db.database.close()
  try {
    await work(runIn(db), db)
  } finally {
    await db.drop()
  }
}

function runIn({ env, cwd = temporaryFolder() }: TestDatabase) {
  return async (...args: string[]) => ({ cwd, ...(await athena(args, { cwd, env }).ended) })
}

async function assertFits(words: string[], text: string): Promise<void> {
  const { output } = await loadCommand(words)
  expect(faultsOf(output, JSON.parse(text))).toEqual([])
}

onEachEngine('athena migrate drift and dump', (engine) => {
  test('say what the store is, and what was changed in it by hand', { timeout: 300_000 }, async () => {
    await withStore(engine, async (run, db) => {
      const shadow = db.url === undefined ? [] : ['--shadow-url', db.url]
      const missing = await run('migrate', 'dump')
      expect(missing).toMatchObject({ status: 1, stdout: '' })
      expect(missing.stderr).toContain('schema_missing')
      expect(await run('migrate', 'up')).toMatchObject({ status: 0 })

      const dump = await run('migrate', 'dump')
      const committed = readFileSync(schemaSql, 'utf8').replace(/^(--.*\n|\n)+/, '')
      expect(dump).toMatchObject({ status: 0, stdout: committed })
      const written = await run('migrate', 'dump', '--output', 'schema.sql', '--json')
      expect(readFileSync(join(written.cwd, 'schema.sql'), 'utf8')).toBe(committed)
      await assertFits(['migrate', 'dump'], written.stdout)
      const unwritable = await run('migrate', 'dump', '--output', 'no/such/folder.sql')
      expect(unwritable.stderr).toContain('file_unwritable')

      const none = await run('migrate', 'drift', ...shadow)
      expect(none).toMatchObject({ status: 0, stdout: 'no drift: the database is what its 41 migrations made\n' })
      const database = await connect({
        ...(db.url !== undefined && { url: db.url }),
        env: {},
        folder: join(none.cwd, '.athena', 'data'),
      })
      await query(database, 'DROP INDEX athena.idx_plans_parent; CREATE TABLE athena.by_hand (id int)')
      await database.close()
      const found = await run('migrate', 'drift', '--json', ...shadow)
      expect(found.status).toBe(1)
      await assertFits(['migrate', 'drift'], found.stdout)
      expect(JSON.parse(found.stdout).findings).toMatchObject([
        { state: 'unexpected', object: 'table athena.by_hand', losesData: true },
        { state: 'missing', object: 'index athena.idx_plans_parent', losesData: false },
      ])
      const script = await run('migrate', 'drift', '--show-sql', ...shadow)
      expect(script).toMatchObject({ status: 1 })
      expect(script.stdout).toContain('\n-- DROP TABLE athena.by_hand;\n')
      expect(script.stdout).toMatch(/\nSET lock_timeout = 0;\nCREATE INDEX CONCURRENTLY idx_plans_parent /)
    })
  })
})
