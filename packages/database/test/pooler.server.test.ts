import { afterAll, beforeAll, expect, test } from 'vitest'
import { onEachEngine, type TestDatabase } from '../../../test/engines.ts'
import { connect } from '../src/connect.ts'
import { assertSessionsHold } from '../src/pooler.ts'
import { hasPgbouncer, startPgbouncer } from './pgbouncer.ts'

onEachEngine('sessions', (engine) => {
  let db: TestDatabase

  beforeAll(async () => {
    db = await engine.create()
  })
  afterAll(() => db.drop())

  test('hold on a direct connection, which costs one query', async () => {
    const client = await db.database.open('spec')
    await expect(assertSessionsHold(db.database, client)).resolves.toBeUndefined()
    await client.end()
  })

  // CI installs pgbouncer; elsewhere these show as skipped.
  test.runIf(hasPgbouncer)('hold behind PgBouncer in session mode', async () => {
    await expect(behind({ pool_mode: 'session' })).resolves.toBeUndefined()
  })

  test.runIf(hasPgbouncer).each([
    ['transaction mode', { pool_mode: 'transaction' }],
    ['transaction mode, processes taken in turn', { pool_mode: 'transaction', server_round_robin: 1 }],
    ['transaction mode with a single process', { pool_mode: 'transaction', default_pool_size: 1 }],
    ['statement mode', { pool_mode: 'statement' }],
  ])('are refused behind PgBouncer in %s', async (_, settings) => {
    await expect(behind(settings)).rejects.toMatchObject({
      code: 'transaction_pooler',
      hint: expect.stringContaining('session mode'),
    })
  })

  async function behind(settings: Record<string, string | number>): Promise<void> {
    const pool = await startPgbouncer(db.url as string, settings)
    const database = await connect({ url: pool.url })
    try {
      await assertSessionsHold(database, await database.open('spec'))
    } finally {
      await database.close()
      await pool.stop()
    }
  }
})
