import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest'
import { onEachEngine, type TestDatabase } from '../../../test/engines.ts'
import { query } from '../../../test/migrating.ts'
import { refusal } from '../../../test/refusals.ts'
import type { Mapping } from '../src/adopt/index.ts'
import { adoptStore, installStore, prepareAdoption } from './adopting.ts'

onEachEngine('adopting other stores', (engine) => {
  vi.setConfig({ testTimeout: 240_000, hookTimeout: 240_000 })
  let db: TestDatabase
  beforeAll(async () => {
    db = await engine.create()
    await installStore(db.database)
  })
  afterAll(() => db.drop())

  describe('by a mapping', () => {
    const mapping: Mapping = {
      schema: 'Old Notes',
      timeZone: 'America/New_York',
      tables: {
        tenants: { to: 'projects', columns: { title: 'name', settings: { to: 'metadata' } } },
        'notes of mine': {
          to: 'memories',
          key: 'nr',
          columns: {
            tenant: { to: 'project_id', refers: 'tenants' },
            body: 'content',
            vec: 'embedding',
            sort: { to: 'memory_type', as: 'word', words: { 'How-To': 'procedure', 记忆: 'memory' }, default: 'fact' },
            stars: { to: 'confidence', as: 'scale', from: [0, 5] },
            labels: { to: 'tags', as: 'list' },
            made: { to: 'created_at', as: 'seconds' },
            changed: 'updated_at',
            lang: { to: 'language', as: 'lower' },
            'odd "name"': { to: 'metadata', key: 'odd' },
            extra: { to: 'metadata' },
            see: { to: 'memory_links', kind: 'see_also' },
            secret: null,
          },
          constants: { domain: 'notes' },
        },
        archive: null,
      },
    }

    beforeAll(async () => {
      await query(
        db.database,
        `CREATE SCHEMA "Old Notes"; SET search_path TO "Old Notes", public;
         CREATE TYPE sort AS ENUM ('How-To', 'fact', '记忆');
         CREATE TABLE tenants (id uuid PRIMARY KEY DEFAULT gen_random_uuid(), title text, settings json);
         CREATE TABLE "notes of mine" (nr text PRIMARY KEY, tenant uuid, body text, vec real[], sort sort, stars numeric, labels jsonb,
           made double precision, changed timestamp(0), lang char(6), "odd ""name""" int[], extra jsonb, see text[], secret bytea, key text);
         CREATE TABLE archive (id int);
         INSERT INTO tenants VALUES ('00000000-0000-0000-0000-00000000000b', 'blog', '{"tone": "dry"}'), ('00000000-0000-0000-0000-00000000000a', 'shop', NULL);
         INSERT INTO "notes of mine" VALUES
           ('b', '00000000-0000-0000-0000-00000000000a', 'second', '{1,2,3}', '记忆', 2.5, '["x", "y z"]', 1700000000.25, '2025-07-01 12:00', 'PYTHON', '{1,2}', '{"a": {"b": null}}', '{a,a,zz}', '\\x00', 'k'),
           ('a', '00000000-0000-0000-0000-00000000000a', 'first', NULL, 'How-To', 5, NULL, NULL, '2025-01-01 12:00', NULL, NULL, NULL, '{b}', NULL, NULL),
           ('ä', '00000000-0000-0000-0000-00000000000b', 'third', '{1,2}', NULL, 7, '{"not": "a list"}', NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL);
         RESET search_path`,
      )
    })

    test('every conversion does what it says', async () => {
      const verified = await adoptStore(db.database, { schema: 'Old Notes', mapping, timeZone: undefined, batch: 2 })
      expect(verified.tables.map(({ source, targetRows, rejected }) => [source, targetRows, rejected])).toEqual([
        ['tenants', 2, 0],
        ['notes of mine', 2, 1],
      ])
      expect(verified.links).toEqual([{ source: 'notes of mine.see', target: 'memory_links', written: 2, dead: 1 }])
      const memories = await query(
        db.database,
        `SELECT m.content, p.name AS project, p.metadata AS settings, m.memory_type, m.domain, m.confidence, m.tags, m.language, m.metadata,
                m.embedding::text AS embedding, m.created_at, m.updated_at
           FROM athena.memories m JOIN athena.projects p ON p.id = m.project_id ORDER BY content`,
      )
      expect(memories).toMatchObject([
        {
          content: 'first',
          project: 'shop',
          memory_type: 'procedure',
          domain: 'notes',
          confidence: 1,
          tags: [],
          metadata: {},
          embedding: null,
        },
        {
          content: 'second',
          project: 'shop',
          settings: {},
          memory_type: 'memory',
          confidence: 0.5,
          tags: ['x', 'y z'],
          language: 'python',
          metadata: { odd: [1, 2], a: { b: null } },
          embedding: '[1,2,3]',
          created_at: new Date(1700000000250),
          updated_at: new Date('2025-07-01T16:00:00Z'),
        },
      ])
      expect(memories[0]?.updated_at).toEqual(new Date('2025-01-01T17:00:00Z'))
      const rejects = await query(db.database, 'SELECT old_id, reason FROM athena_adoption.rejects WHERE is_row')
      expect(rejects).toMatchObject([{ old_id: 'ä', reason: expect.any(String) }])
    })

    test('another mapping for what was begun is refused, and so is another source', async () => {
      const other = structuredClone(mapping)
      other.timeZone = 'UTC'
      const changed = await refusal(() =>
        prepareAdoption(db.database, { schema: 'Old Notes', mapping: other, timeZone: undefined }),
      )
      expect(changed).toMatchObject({ code: 'mapping_changed', detail: expect.stringContaining('notes of mine') })
      await query(
        db.database,
        'CREATE SCHEMA another; CREATE TABLE another.projects (id serial PRIMARY KEY, name text)',
      )
      expect(
        await refusal(() => prepareAdoption(db.database, { schema: 'another', timeZone: undefined })),
      ).toMatchObject({
        code: 'adoption_of_another_source',
        hint: expect.stringContaining('--finish'),
      })
    })
  })

  // What the guide prints, corrected so that it runs: an expression cannot be part of a partition key together with a primary key.
  test('the tables of the guide need no mapping', async () => {
    await query(db.database, 'DROP SCHEMA athena_adoption CASCADE')
    await query(
      db.database,
      `CREATE SCHEMA guide; SET search_path TO guide, public;
       CREATE TABLE projects (id serial PRIMARY KEY, name text);
       CREATE TABLE consolidations (id serial PRIMARY KEY, project_id int, name text);
       CREATE TABLE memories (id serial, project_id int NOT NULL, content text, memory_type text, embedding vector(3), consolidation_id int,
         created_at timestamp, fts_content tsvector GENERATED ALWAYS AS (to_tsvector('english', content)) STORED, PRIMARY KEY (id, project_id)
       ) PARTITION BY LIST (project_id);
       CREATE TABLE memories_project_1 PARTITION OF memories FOR VALUES IN (1);
       CREATE TABLE memories_other PARTITION OF memories DEFAULT;
       CREATE TABLE tasks (id serial PRIMARY KEY, project_id int, title text, status text, priority int);
       CREATE TABLE episodic_events (id serial, project_id int, session_id text, "timestamp" timestamp NOT NULL, content text, embedding vector(3),
         PRIMARY KEY (id, "timestamp")) PARTITION BY RANGE ("timestamp");
       CREATE TABLE events_2025 PARTITION OF episodic_events FOR VALUES FROM ('2025-01-01') TO ('2026-01-01');
       INSERT INTO projects (name) VALUES ('blog'), ('guide');
       INSERT INTO consolidations (project_id, name) VALUES (2, 'nightly');
       INSERT INTO memories (project_id, content, memory_type, embedding, consolidation_id, created_at)
         SELECT 1 + i % 2, 'memory ' || i, 'fact', ARRAY[i, 1, 1]::vector, CASE WHEN i % 2 = 1 THEN 1 END, '2025-10-26 02:30' FROM generate_series(1, 20) AS i;
       INSERT INTO tasks (project_id, title, status, priority) VALUES (2, 'index', 'pending', 9);
       INSERT INTO episodic_events (project_id, session_id, "timestamp", content, embedding) VALUES (1, 's', '2025-02-03 04:05:06', 'happened', '[1,0,0]');
       RESET search_path`,
    )
    const before = await query(db.database, 'SELECT * FROM athena.projects ORDER BY id')
    const verified = await adoptStore(db.database, { schema: 'guide', timeZone: 'UTC', batch: 7 })
    expect(
      verified.tables.map(({ source, targetRows, rejected, same }) => [source, targetRows, rejected, same]),
    ).toEqual([
      ['projects', 2, 0, true],
      ['consolidations', 1, 0, true],
      ['memories', 20, 0, true],
      ['episodic_events', 1, 0, true],
      ['tasks', 1, 0, true],
    ])
    // A project is known by its name: the rows of one that is there already join it.
    const after = await query<{ name: string }>(db.database, 'SELECT * FROM athena.projects ORDER BY id')
    expect(after.slice(0, before.length)).toEqual(before)
    expect(after.map(({ name }) => name).sort()).toEqual(['blog', 'guide', 'shop'])
    const made = await query(
      db.database,
      'SELECT c.name, count(*)::int AS n FROM athena.memories m JOIN athena.consolidations c ON c.id = m.consolidation_id GROUP BY 1',
    )
    expect(made).toEqual([{ name: 'nightly', n: 10 }])
    const [event] = await query(db.database, 'SELECT happened_at, kind FROM athena.episodic_events')
    expect(event).toEqual({ happened_at: new Date('2025-02-03T04:05:06Z'), kind: 'action' })
  })

  test('a store of one owner: the mapping names the project, which is made or joined', async () => {
    await query(db.database, 'DROP SCHEMA athena_adoption CASCADE')
    await query(
      db.database,
      `CREATE SCHEMA lone; CREATE TABLE lone.passages (nr int PRIMARY KEY, "passageText" text, vec real[]);
       INSERT INTO lone.passages SELECT n, 'passage ' || n, '{1,2,3}' FROM generate_series(1, 5) AS n`,
    )
    const passages = {
      to: 'memories',
      columns: { passageText: 'content', vec: 'embedding' },
      constants: { memory_type: 'fact' },
    }
    const lone = { schema: 'lone', timeZone: undefined, batch: 2 }
    const mapping: Mapping = { tables: { passages: { ...passages, project: "the owner's" } } }
    for (const _ of ['made', 'joined']) {
      const { tables } = await adoptStore(db.database, { ...lone, mapping })
      expect(tables).toMatchObject([{ source: 'passages', targetRows: 5, same: true }])
    }
    expect(
      await query(
        db.database,
        "SELECT p.name, count(*)::int AS n FROM athena.projects p JOIN athena.memories m ON m.project_id = p.id WHERE m.content ~ '^passage' GROUP BY 1",
      ),
    ).toEqual([{ name: "the owner's", n: 5 }])
    const faults: [object, string][] = [
      [{ ...passages, project: '?' }, 'tables.passages.project: is not decided yet'],
      [{ to: 'projects', columns: { passageText: 'name' }, project: 'x' }, 'projects belong to no project'],
    ]
    for (const [wrong, detail] of faults)
      expect(
        await refusal(() =>
          prepareAdoption(db.database, { ...lone, mapping: { tables: { passages: wrong } } as Mapping }),
        ),
      ).toMatchObject({ code: 'malformed_mapping', detail: expect.stringContaining(detail) })
  })
})
