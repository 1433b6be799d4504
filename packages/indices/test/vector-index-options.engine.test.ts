import { plan } from '@athena-pg/migrator'
import { expect, test } from 'vitest'
import { onEachEngine } from '../../../test/engines.ts'
import { freshDatabase } from '../../../test/fresh-database.ts'
import { migrate, withClient } from '../../../test/migrating.ts'
import { refusal } from '../../../test/refusals.ts'
import { migrated, only } from '../../schema/test/migrated.ts'

const packages = only(['schema', 'indices'])
const isVectorIndex = ({ id }: { id: string }) => id.includes('index_memory_embeddings')

onEachEngine('the vector index', (engine) => {
  // Nothing is migrated: what a plan says is what would run.
  const db = freshDatabase(engine)
  async function statement(variables: Record<string, string>): Promise<string> {
    const { migrations } = await withClient(db().database, (client) =>
      plan(client, packages, { direction: 'up', variables }),
    )
    const text = migrations.find(isVectorIndex)?.rendered.sql ?? ''
    return text.replaceAll(/--.*\n/g, '').replaceAll(/\s+/g, ' ')
  }
  const ivfflat = (variables: Record<string, string>) => statement({ vector_index: 'ivfflat', ...variables })

  test('is HNSW with m 16 and ef_construction 64, for cosine distance of halfvec', async () => {
    expect(await statement({})).toContain(
      'ON athena.memories USING hnsw (embedding "public".halfvec_cosine_ops) WITH (m = 16, ef_construction = 64) WHERE indexed;',
    )
  })

  test.each([
    [{ hnsw_m: '32' }, 'm = 32, ef_construction = 64'],
    [{ hnsw_m: '33' }, 'm = 33, ef_construction = 66'],
    [{ hnsw_m: '100', hnsw_ef_construction: '1000' }, 'm = 100, ef_construction = 1000'],
    [{ hnsw_m: '2', hnsw_ef_construction: '4' }, 'm = 2, ef_construction = 4'],
  ])('takes %o as %s', async (variables, options) => {
    expect(await statement(variables)).toContain(`WITH (${options})`)
  })

  test('asks for cosine distance of vector where embeddings are vector', async () => {
    expect(await statement({ embedding_type: 'vector' })).toContain('"public".vector_cosine_ops')
  })

  // Rows of a partition / 1000 up to a million, their square root above; 10 to 32,768.
  test.each([
    [{}, 13],
    [{ expected_rows: '1' }, 10],
    [{ expected_rows: '80000' }, 10],
    [{ expected_rows: '88001' }, 12],
    [{ expected_rows: '8000000' }, 1000],
    [{ expected_rows: '32000000' }, 2000],
    [{ expected_rows: '1000000000', project_partitions: '1' }, 31623],
    [{ expected_rows: '100000', project_layout: 'list' }, 100],
    [{ expected_rows: '1000000', project_partitions: '16' }, 63],
  ])('of IVFFlat with %o has %i lists', async (variables, lists) => {
    const sql = await ivfflat(variables)
    expect(sql).toContain(`USING ivfflat (embedding "public".halfvec_cosine_ops) WITH (lists = ${lists}) WHERE indexed`)
  })

  test.each([
    { hnsw_m: '1' },
    { hnsw_m: '101' },
    { hnsw_ef_construction: '3' },
    { vector_index: 'flat' },
    { expected_rows: '0' },
  ])('refuses %o', async (variables: Record<string, string>) => {
    const error = await refusal(() => statement(variables))
    expect(error.detail).toContain(Object.keys(variables)[0])
  })
})

onEachEngine('the vector index of a table with rows', (engine) => {
  const variables = {
    vector_index: 'ivfflat',
    embedding_type: 'vector',
    embedding_dimensions: '3',
    project_partitions: '2',
  }
  const db = migrated(engine, {
    packages: ['schema'],
    variables: { embedding_type: 'vector', embedding_dimensions: '3', project_partitions: '2' },
  })

  test('has lists for the rows that are there when they are more than expected', async () => {
    // plan() reads in transactions of its own.
    await db.client().query('ROLLBACK')
    // As ANALYZE would leave it: 250,000 rows in each of two partitions.
    await db
      .client()
      .query(
        "UPDATE pg_class SET reltuples = 250000 WHERE oid IN (SELECT inhrelid FROM pg_inherits WHERE inhparent = 'athena.memories'::regclass)",
      )
    const { migrations } = await plan(db.client(), packages, { direction: 'up', variables })
    expect(migrations.find(isVectorIndex)?.rendered.sql).toContain('(lists = 250)')
    await db.client().query('ANALYZE athena.memories')
  })

  test('is built as IVFFlat on vector, on each partition', async () => {
    await db.client().query('COMMIT')
    await migrate(db.database(), packages, { variables, to: '20261122090400' })
    const { rows } = await db.client().query(
      `SELECT c.reloptions, am.amname, indisvalid AS valid, pg_get_indexdef(c.oid) ~ 'vector_cosine_ops' AS cosine FROM pg_inherits
         JOIN pg_class c ON c.oid = inhrelid JOIN pg_am am ON am.oid = c.relam JOIN pg_index ON indexrelid = c.oid
        WHERE inhparent = 'athena.idx_memories_embedding'::regclass`,
    )
    const each = { reloptions: ['lists=50'], amname: 'ivfflat', valid: true, cosine: true }
    expect(rows).toEqual([each, each])
    await db.client().query('BEGIN')
  })
})
