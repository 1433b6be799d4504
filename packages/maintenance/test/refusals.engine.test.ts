import { afterAll, beforeAll, beforeEach, describe, expect, test, vi } from 'vitest'
import { onEachEngine, type TestDatabase } from '../../../test/engines.ts'
import { query } from '../../../test/migrating.ts'
import { refusal } from '../../../test/refusals.ts'
import { loginRole } from '../../../test/roles.ts'
import type { Mapping } from '../src/adopt/index.ts'
import { adoptStore, installStore, prepareAdoption } from './adopting.ts'
import { formerTables } from './former-store.ts'

onEachEngine('what cannot be adopted is refused before anything is written', (engine) => {
  vi.setConfig({ testTimeout: 240_000, hookTimeout: 240_000 })
  let db: TestDatabase
  beforeAll(async () => {
    db = await engine.create()
    await installStore(db.database)
    await query(db.database, formerTables('old'))
    await query(db.database, formerTables('wide', 4))
  })
  afterAll(() => db.drop())
  const ledger = () => query(db.database, "SELECT to_regnamespace('athena_adoption') IS NULL AS none")
  beforeEach(async () => expect(await ledger()).toEqual([{ none: true }]))

  test('embeddings of other dimensions', async () => {
    const refused = await refusal(() => adoptStore(db.database, { schema: 'wide' }))
    expect(refused).toMatchObject({
      code: 'dimensions_differ',
      detail: expect.stringContaining('vector(4)'),
      hint: expect.stringContaining('--set embedding_dimensions=4'),
    })
  })

  test('times without a zone, where none is named, or one that does not exist', async () => {
    const refused = await refusal(() => adoptStore(db.database, { timeZone: undefined }))
    expect(refused).toMatchObject({
      code: 'time_zone_missing',
      exit: 2,
      detail: expect.stringContaining('projects.created_at'),
    })
    expect(await refusal(() => adoptStore(db.database, { timeZone: "Europe/O'Slo" }))).toMatchObject({
      code: 'time_zone_unknown',
    })
  })

  test('a schema without tables: those that have some are named', async () => {
    const refused = await refusal(() => adoptStore(db.database, { schema: 'nowhere' }))
    expect(refused).toMatchObject({ code: 'schema_missing', detail: 'There are tables in old, wide.' })
  })

  test('a database without our store', async () => {
    const other = await engine.create()
    try {
      await query(other.database, 'CREATE SCHEMA old; CREATE TABLE old.projects (id serial PRIMARY KEY, name text)')
      expect(await refusal(() => adoptStore(other.database))).toMatchObject({
        code: 'store_missing',
        hint: 'athena migrate up',
      })
    } finally {
      await other.drop()
    }
  })

  test('a key that does not name one row each', async () => {
    await query(
      db.database,
      'CREATE SCHEMA twice; CREATE TABLE twice.projects (id int, name text); INSERT INTO twice.projects VALUES (1), (1)',
    )
    const mapping: Mapping = { tables: { projects: { to: 'projects', key: 'id', columns: { name: 'name' } } } }
    expect(await refusal(() => adoptStore(db.database, { schema: 'twice', mapping }))).toMatchObject({
      code: 'key_not_unique',
    })
  })

  test('all faults of a mapping at once, each with its path', async () => {
    const mapping: Mapping = {
      tables: {
        memory_vectors: {
          to: 'memories',
          columns: {
            project_id: 'project_id',
            contents: 'content',
            memory_type: 'memorytype',
            code_hash: { to: 'language', key: 'hash' },
            code_language: 'language',
            superseded_by: { to: 'memory_links', kind: 'See Also', as: 'lower' },
            tags: { to: 'metadata', default: 'x' },
            confidence: 'memory_access.memory_id',
            quality_score: 'content_hash',
          },
          constants: { language: 'python', nothing: 1 },
        },
        memory_vektors: { to: 'memories', columns: {} },
        prospective_goals: { to: 'goals', columns: {} },
        episodic_events: {
          to: 'episodic_events',
          columns: { content: 'content' },
          constants: { kind: 'action', session_id: 'none' },
        },
      },
    }
    const refused = await refusal(() => prepareAdoption(db.database, { mapping }))
    expect(refused).toMatchObject({ code: 'malformed_mapping', exit: 2 })
    expect(refused.detail?.split('\n').map((line) => line.split(';')[0])).toEqual([
      'tables.memory_vectors.columns.project_id: holds ids of projects, and no source table becomes projects',
      'tables.memory_vectors.columns.contents: table memory_vectors has no column "contents"',
      'tables.memory_vectors.columns.memory_type: memories has no column "memorytype"',
      'tables.memory_vectors.columns.code_hash.key: "language" is not a JSON column',
      'tables.memory_vectors.columns.superseded_by.as: has no use here: ids are looked up, not converted',
      'tables.memory_vectors.columns.superseded_by: holds ids of memories',
      'tables.memory_vectors.columns.superseded_by: memory_links needs the "kind" of the links, in lower case with _',
      'tables.memory_vectors.columns.tags.default: has no use here: what goes into a JSON column is taken as it is',
      'tables.memory_vectors.columns.confidence: memories.memory_access.memory_id is made by the database and cannot be given',
      'tables.memory_vectors.columns.quality_score: memories.content_hash is made by the database and cannot be given',
      'tables.memory_vectors.constants.language: "language" is given by "code_language" already',
      'tables.memory_vectors.constants.nothing: memories has no column "nothing"',
      'tables.memory_vectors.columns: nothing gives memories.memory_type, which is not optional',
      'tables.memory_vectors.columns: nothing gives memories.content, which is not optional',
      'tables.episodic_events.columns: nothing gives episodic_events.project_id, which is not optional',
      'tables.episodic_events.columns: nothing gives episodic_events.happened_at, which is not optional',
      'tables.memory_vektors: there is no table "memory_vektors" in the source',
      'tables.prospective_goals.to: "goals" is not a table that can be filled',
    ])
    expect(refused.detail).toContain('did you mean "memory_vectors"?')
  })

  describe.runIf(engine.kind === 'server')('rights', () => {
    test('tables that the role may not read are named, all at once', async () => {
      const role = await loginRole(db)
      await query(
        db.database,
        `GRANT USAGE ON SCHEMA old, athena TO ${role.name}; GRANT SELECT ON ALL TABLES IN SCHEMA athena TO ${role.name};
         GRANT SELECT ON old.projects TO ${role.name}`,
      )
      const refused = await refusal(() => adoptStore(role.database))
      expect(refused).toMatchObject({
        code: 'source_unreadable',
        detail: expect.stringMatching(/old\.memory_vectors, .*old\.prospective_tasks/),
      })
      expect(refused.detail).not.toContain('old.projects')
      await role.database.close()
      await query(db.database, `DROP OWNED BY ${role.name}`)
    })

    test('a source that may only be read is adopted', async () => {
      const role = await loginRole(db, 'NOINHERIT')
      await query(
        db.database,
        `GRANT USAGE ON SCHEMA old TO ${role.name}; GRANT SELECT ON ALL TABLES IN SCHEMA old TO ${role.name};
         INSERT INTO old.projects (name, path) VALUES ('read', '/read')`,
      )
      const verified = await adoptStore(db.database, { from: role.database })
      expect(verified.tables.find(({ source }) => source === 'projects')).toMatchObject({ targetRows: 1, same: true })
      await role.database.close()
      await query(
        db.database,
        `DROP OWNED BY ${role.name}; DROP SCHEMA athena_adoption CASCADE; TRUNCATE athena.projects CASCADE`,
      )
    })
  })
})
