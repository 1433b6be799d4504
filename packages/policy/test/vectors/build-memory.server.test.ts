import pg from 'pg'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { onEachEngine, type TestDatabase } from '../../../../test/engines.ts'
import type { EmbeddingType } from '../../src/facts/server-facts.ts'
import { buildMemory, graphBytesPerRow } from '../../src/vectors/graph-memory.ts'
import { makeEmbeddings, noticesOf, operatorClass } from './embeddings.ts'

const kB = 1024
const spills = /^hnsw graph no longer fits into maintenance_work_mem after/

onEachEngine('the memory of an HNSW build', (engine) => {
  let db: TestDatabase
  beforeAll(async () => {
    db = await engine.create()
  })
  afterAll(() => db?.drop())

  async function make(embeddings: Parameters<typeof makeEmbeddings>[1]): Promise<void> {
    const client = new pg.Client({ connectionString: db.url as string })
    await client.connect()
    await makeEmbeddings(client, embeddings)
    await client.end()
  }

  function build(type: EmbeddingType, m: number, bytes: number, workers: number): Promise<string[]> {
    return noticesOf(db.url as string, [
      `SET maintenance_work_mem = '${Math.floor(bytes / kB)}kB'`,
      `SET max_parallel_maintenance_workers = ${workers}`,
      'SET min_parallel_table_scan_size = 0',
      'SET client_min_messages = debug1',
      'DROP INDEX IF EXISTS i',
      `CREATE INDEX i ON t USING hnsw (e ${operatorClass(type)}) WITH (m = ${m}, ef_construction = ${2 * m})`,
    ])
  }

  test.each([
    ['vector', 384, 16, 4000],
    ['vector', 768, 32, 2000],
    ['halfvec', 768, 16, 5000],
    ['halfvec', 2048, 8, 3000],
    ['bit', 768, 16, 8000],
  ] as const)('of %s(%i), m %i and %i rows is enough, and nine tenths are not', async (type, dimensions, m, rows) => {
    await make({ dimensions, type, rows })
    const bytesPerRow = graphBytesPerRow({ dimensions, type, m, version: 17 })
    expect(await build(type, m, buildMemory(rows, bytesPerRow), 0)).not.toContainEqual(expect.stringMatching(spills))
    expect(await build(type, m, 0.9 * rows * bytesPerRow, 0)).toContainEqual(expect.stringMatching(spills))
  })

  test.each([
    ['vector', 768, 8, 22_000],
    ['halfvec', 2048, 8, 18_000],
  ] as const)(
    'of %s(%i), m %i and %i rows in parallel is enough, and nine tenths are not',
    async (type, dimensions, m, rows) => {
      await make({ dimensions, type, rows })
      const bytesPerRow = graphBytesPerRow({ dimensions, type, m, version: 17 })
      const enough = await build(type, m, buildMemory(rows, bytesPerRow), 1)
      expect(enough).toContain('using 1 parallel workers')
      expect(enough).not.toContainEqual(expect.stringMatching(spills))
      const less = await build(type, m, 0.9 * rows * bytesPerRow, 1)
      expect(less).toContain('using 1 parallel workers')
      expect(less).toContainEqual(expect.stringMatching(spills))
    },
    180_000,
  )

  test('is not shared with a worker below 64 MB, whatever was allowed', async () => {
    await make({ dimensions: 128, type: 'vector', rows: 2000 })
    const notices = await build('vector', 16, 63 * kB * kB, 1)
    expect(notices).not.toContain('using 1 parallel workers')
    expect(await build('vector', 16, 64 * kB * kB, 1)).toContain('using 1 parallel workers')
  })
})
