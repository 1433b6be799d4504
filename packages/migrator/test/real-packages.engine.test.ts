import { readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { expect, test } from 'vitest'
import { onEachEngine } from '../../../test/engines.ts'
import { freshDatabase } from '../../../test/fresh-database.ts'
import { ledgerNames, migrate, query, withClient } from '../../../test/migrating.ts'
import { realPackages } from '../../../test/real-packages.ts'
import { catalogue } from '../src/index.ts'

const schemaSql = fileURLToPath(new URL('../../schema/schema.sql', import.meta.url))

const embeddedOnly = [
  ['hash', 'vector', 'hnsw', { embedding_dimensions: '1900', project_partitions: '1' }],
  ['list', 'halfvec', 'hnsw', { embedding_dimensions: '3800', text_search_config: 'simple' }],
] as const

onEachEngine('the packages of athena-pg', (engine) => {
  const db = freshDatabase(engine)
  const snapshot = () => withClient(db().database, (client) => catalogue(client))
  const up = (variables = {}) => migrate(db().database, realPackages(), { variables })
  const down = () => migrate(db().database, realPackages(), { direction: 'down', to: 'zero' })

  async function goUpAndDown(
    project_layout: string,
    embedding_type: string,
    vector_index: string,
    more: { embedding_dimensions: string },
  ): Promise<void> {
    await up({ project_layout, embedding_type, vector_index, ...more })
    const text = await snapshot()
    expect(text).toContain(`USING ${vector_index} (embedding`)
    expect(text).toContain(`embedding public.${embedding_type}(${more.embedding_dimensions})`)
    expect(text).toContain(`PARTITION BY ${project_layout.toUpperCase()} (project_id)`)
    expect(await query(db().database, 'SELECT indexrelid::regclass FROM pg_index WHERE NOT indisvalid')).toEqual([])
    await down()
    expect(await snapshot()).toBe('')
  }

  test('go up from empty, down to zero and up again to the same catalogue, which is schema.sql', async () => {
    const { database } = db()
    await up()
    const first = await snapshot()
    const names = await ledgerNames(database)
    await down()
    expect(await snapshot()).toBe('')
    expect(await ledgerNames(database)).toEqual([])
    await up()
    expect(await snapshot()).toBe(first)
    expect(await ledgerNames(database)).toEqual(names)
    expect(await up()).toEqual([])
    const invalid = 'SELECT indexrelid::regclass FROM pg_index WHERE NOT (indisvalid AND indisready AND indislive)'
    expect(await query(database, invalid)).toEqual([])
    // Written by `pnpm reference`, from the embedded database: the same on every engine.
    expect(readFileSync(schemaSql, 'utf8').replace(/^(--.*\n|\n)+/, '')).toBe(first)
  })

  // What the other kinds share with these is seen on one engine as well as on three.
  const alsoHere = engine.kind === 'server' ? [] : embeddedOnly
  test.each([['list', 'vector', 'ivfflat', { embedding_dimensions: '1900' }] as const, ...alsoHere])(
    'go up and down with %s, %s and %s',
    goUpAndDown,
  )

  test('use the vector extension where it lives', async () => {
    const { database } = db()
    await query(database, 'CREATE SCHEMA extensions; CREATE EXTENSION vector SCHEMA extensions')
    await migrate(database, realPackages(), { to: '20261122090040_create_memories' })
    expect(await snapshot()).toContain('embedding extensions.halfvec(768)')
    await down()
    expect(await query(database, "SELECT count(*)::int AS kept FROM pg_extension WHERE extname = 'vector'")).toEqual([
      { kept: 1 },
    ])
  })
})
