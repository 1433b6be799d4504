import type { Capabilities } from '@athena-pg/policy'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { onEachEngine, type TestDatabase } from '../../../../test/engines.ts'
import { query } from '../../../../test/migrating.ts'
import { temporaryFolder } from '../../../../test/packages.ts'
import { serverSource } from '../../src/tune/server-source.ts'
import { inProcess } from '../in-process.ts'
import { conforming } from '../json-schemas.ts'
import { installStore } from '../store.ts'

onEachEngine('a live server', (engine) => {
  let db: TestDatabase
  beforeAll(async () => {
    db = await engine.create()
  })
  afterAll(() => db.drop())

  async function asked() {
    const client = await db.database.open('tune')
    try {
      return await serverSource(client)
    } finally {
      await client.end()
    }
  }

  test('tells its version, what its build accepts, and the state of its settings', async () => {
    const { facts, origin } = await asked()
    expect(facts.postgres).toBeGreaterThanOrEqual(14)
    expect(facts).toMatchObject({ pitr: false, replicas: 0, preload: [] })
    const build = facts.build as Capabilities
    expect(build.toastCompression).toContain('pglz')
    expect(build.walCompression).not.toContain('on')
    const rich = engine.kind === 'server'
    expect(build.walCompression.includes('lz4')).toBe(rich)
    expect(build.libraries.includes('pg_stat_statements')).toBe(rich)
    expect(origin).toMatchObject({ postgres: 'the server', build: 'the server' })
  })

  test('does not take the 100 connections of initdb for a wish', async () => {
    const [row] = await query<{ max_connections: string }>(db.database, 'SHOW max_connections')
    const { connections } = (await asked()).facts
    expect(connections).toBe(row?.max_connections === '100' ? undefined : Number(row?.max_connections))
  })

  test('tells its memory and cpus where it lets itself be read, and else why not', async () => {
    const { facts, origin, unread } = await asked()
    if (engine.kind === 'embedded') {
      expect(unread).toMatch(/embedded/)
      expect(facts.memory).toBeUndefined()
    } else {
      expect(facts.memory).toBeGreaterThan(64 * 1024 ** 2)
      expect(facts.cpus).toBeGreaterThan(0)
      expect(origin).toMatchObject({ memory: expect.stringMatching(/^the server's \/(proc|sys)\//) })
    }
  })

  test('makes a recommendation, with what it does not tell from flags', async () => {
    const run = async (...flags: string[]) => {
      const outcome = await inProcess(['tune', '--from-server', ...flags], temporaryFolder(), db.database)
      return { status: outcome.status, value: await conforming(['tune'], outcome) }
    }
    const alone = await run()
    if (engine.kind === 'embedded')
      expect(alone).toMatchObject({ status: 2, value: { error: { code: 'memory_unknown' } } })
    else expect(alone).toMatchObject({ status: 0, value: { origins: { postgres: 'the server' } } })
    expect(await run('--memory', '8GB', '--cpus', '4')).toMatchObject({
      status: 0,
      value: { facts: { memory: 8 * 1024 ** 3 }, origins: { memory: '--memory', build: 'the server' } },
    })
    expect(await run('--profile', 'medium')).toMatchObject({ status: 0, value: { profile: 'medium' } })
  })

  describe('with a store', () => {
    beforeAll(() => installStore(db.database))

    test('tells its embeddings and partitions, and rows once they were counted', async () => {
      expect((await asked()).facts).toMatchObject({
        embeddingType: 'halfvec',
        dimensions: 3,
        partitions: 2,
        pgvector: expect.stringMatching(/^0\./),
      })
      expect((await asked()).facts.rows).toBeUndefined()
      await query(db.database, 'ANALYZE athena.memories')
      expect((await asked()).facts.rows).toBe(0)
    })
  })
})
