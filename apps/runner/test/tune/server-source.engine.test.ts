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
    expect(await run('--memory', '32GB', '--cpus', '4')).toMatchObject({
      status: 0,
      value: { facts: { memory: 32 * 1024 ** 3 }, origins: { memory: '--memory', build: 'the server' } },
    })
    expect(await run('--profile', 'large')).toMatchObject({ status: 0, value: { profile: 'large' } })
  })

  describe.skipIf(engine.kind === 'embedded')('of which the user is not the owner', () => {
    /** Asks as a role that may do what is granted. */
    async function askedAs(...grants: string[]) {
      // Roles are the server's, which other specs use at the same time.
      const role = `tune_reader_${process.pid}`
      const client = await db.database.open('tune')
      try {
        await client.query(`CREATE ROLE ${role}`)
        for (const grant of grants) await client.query(`GRANT ${grant} TO ${role}`)
        await client.query(`SET ROLE ${role}`)
        return await serverSource(client)
      } finally {
        await client.query(`RESET ROLE; DROP OWNED BY ${role}; DROP ROLE ${role}`)
        await client.end()
      }
    }

    test('keeps memory to itself, and tells its version, build and libraries', async () => {
      const { facts, unread } = await askedAs()
      expect(unread).toMatch(/superuser, or pg_read_server_files/)
      expect(facts.memory).toBeUndefined()
      expect(facts.postgres).toBeGreaterThanOrEqual(14)
      expect((facts.build as Capabilities).libraries).toEqual(['pg_stat_statements'])
    })

    test('tells memory to who may read its files', async () => {
      const { facts, unread } = await askedAs(
        'pg_read_server_files',
        'EXECUTE ON FUNCTION pg_read_file(text, bigint, bigint, boolean)',
      )
      expect(unread).toBeUndefined()
      expect(facts.memory).toBe((await asked()).facts.memory)
    })
  })

  test.skipIf(engine.kind === 'embedded')('counts a standby that is away, by its slot', async () => {
    await query(db.database, "SELECT pg_create_physical_replication_slot('tune_standby')")
    try {
      expect((await asked()).facts.replicas).toBe(1)
    } finally {
      await query(db.database, "SELECT pg_drop_replication_slot('tune_standby')")
    }
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
