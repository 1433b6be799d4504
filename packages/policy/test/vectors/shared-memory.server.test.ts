import pg from 'pg'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { hasDocker } from '../../../../test/docker.ts'
import { type StartedServer, startServer } from '../../../../test/servers.ts'
import { recommend } from '../../src/recommend.ts'
import { MB } from '../../src/units.ts'
import { machine } from '../machine.ts'
import { makeEmbeddings, noticesOf } from './embeddings.ts'

const rows = 3000
const { build } = recommend(machine({ workload: { dimensions: 128, rows, partitions: 1 } })).vectors

describe.skipIf(!hasDocker())('/dev/shm', () => {
  let server: StartedServer
  beforeAll(async () => {
    server = await startServer('pgvector/pgvector:0.8.7-pg18', {}, build.sharedMemory)
    const client = new pg.Client({ connectionString: server.url })
    await client.connect()
    await makeEmbeddings(client, { dimensions: 128, type: 'halfvec', rows })
    await client.end()
  })
  afterAll(() => server?.stop())

  const buildWith = (maintenanceWorkMem: number) =>
    noticesOf(server.url, [
      `SET maintenance_work_mem = '${maintenanceWorkMem / MB}MB'`,
      'SET max_parallel_maintenance_workers = 2',
      'SET min_parallel_table_scan_size = 0',
      'SET client_min_messages = debug1',
      'CREATE INDEX ON t USING hnsw (e halfvec_l2_ops)',
    ])

  test('of the size advised is enough for the parallel build advised', async () => {
    expect(await buildWith(build.maintenanceWorkMem)).toContain('using 2 parallel workers')
  })

  test('has to hold all of maintenance_work_mem, whatever the rows take', async () => {
    await expect(buildWith(build.sharedMemory + 16 * MB)).rejects.toThrow(/could not resize shared memory segment/)
  })
})
