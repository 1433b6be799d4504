import pg from 'pg'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { onEachEngine, type TestDatabase } from '../../../../test/engines.ts'
import type { EmbeddingType } from '../../src/facts/server-facts.ts'
import { hnswBytesPerRow, ivfflatBytes } from '../../src/vectors/index-size.ts'
import { makeEmbeddings, operatorClass } from './embeddings.ts'

const rows = 1500
const shapes: [EmbeddingType, number, number][] = [
  ['vector', 128, 16],
  ['vector', 384, 16],
  ['vector', 768, 16],
  ['vector', 768, 32],
  ['vector', 1024, 16],
  ['vector', 1536, 16],
  ['vector', 1960, 16],
  ['vector', 2000, 16],
  ['halfvec', 384, 16],
  ['halfvec', 768, 16],
  ['halfvec', 1536, 8],
  ['halfvec', 3072, 16],
  ['halfvec', 4000, 16],
  ['bit', 768, 16],
]

onEachEngine('an index on disk', (engine) => {
  let db: TestDatabase
  let client: pg.Client
  beforeAll(async () => {
    db = await engine.create()
    client = new pg.Client({ connectionString: db.url as string })
    await client.connect()
  })
  afterAll(async () => {
    await client?.end()
    await db?.drop()
  })

  async function bytes(index: string): Promise<number> {
    await client.query(`SET maintenance_work_mem = '128MB'; SET max_parallel_maintenance_workers = 0`)
    await client.query(`CREATE INDEX i ON t USING ${index}`)
    const { rows: found } = await client.query<{ bytes: string }>(`SELECT pg_relation_size('i') AS bytes`)
    await client.query('DROP INDEX i')
    return Number(found[0]?.bytes)
  }

  test.each(shapes)(
    'HNSW on %s(%i) with m %i takes what the pages say, to a twentieth',
    async (type, dimensions, m) => {
      await makeEmbeddings(client, { dimensions, type, rows })
      const real = await bytes(`hnsw (e ${operatorClass(type)}) WITH (m = ${m}, ef_construction = ${2 * m})`)
      const ours = rows * hnswBytesPerRow(dimensions, type, m) + 8192
      expect(ours / real).toBeGreaterThan(0.95)
      expect(ours / real).toBeLessThan(1.05)
    },
  )

  test.each([
    ['vector', 128, 10, 1500],
    ['vector', 768, 15, 1500],
    ['halfvec', 768, 40, 1500],
    ['bit', 768, 10, 8000],
  ] as const)(
    'IVFFlat on %s(%i) with %i lists takes what the pages say, to a twentieth',
    async (type, dimensions, lists, rows) => {
      await makeEmbeddings(client, { dimensions, type, rows })
      const real = await bytes(`ivfflat (e ${operatorClass(type)}) WITH (lists = ${lists})`)
      const ours = ivfflatBytes(rows, dimensions, type, lists)
      expect(ours / real).toBeGreaterThan(0.95)
      expect(ours / real).toBeLessThan(1.05)
    },
  )
})
