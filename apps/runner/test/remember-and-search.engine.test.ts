import type pg from 'pg'
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { onEachEngine, type TestDatabase } from '../../../test/engines.ts'
import { query } from '../../../test/migrating.ts'
import { refusal } from '../../../test/refusals.ts'
import { type Remembered, remember } from '../src/remember/remember.ts'
import { type SearchRequest, type SearchResult, searchMemories } from '../src/search/search-memories.ts'
import { findProject } from '../src/store/projects.ts'
import { storeFacts } from '../src/store/store-facts.ts'
import { fileWith, installStore, jsonLines } from './store.ts'

onEachEngine('remembering and searching', (engine) => {
  let db: TestDatabase

  beforeAll(async () => {
    db = await engine.create()
    await installStore(db.database)
  })
  afterAll(() => db.drop())
  beforeEach(() => query(db.database, 'TRUNCATE athena.projects CASCADE'))

  function remembering(files: string[], flags: object = {}): Promise<Remembered> {
    const options = { project: 'demo', ...flags } as Parameters<typeof remember>[0]['options']
    return remember({ operands: files, options, openDatabase: async () => db.database })
  }

  async function withSession<T>(work: (client: pg.Client) => Promise<T>): Promise<T> {
    const client = await db.database.open('spec')
    return work(client).finally(() => client.end())
  }

  function search(request: Omit<SearchRequest, 'projectId' | 'limit'> & { limit?: number }): Promise<SearchResult[]> {
    return withSession(async (client) => {
      const { id: projectId } = await findProject(client, 'demo')
      return searchMemories(client, await storeFacts(client), { limit: 10, ...request, projectId })
    })
  }

  const stored = () => query(db.database, 'SELECT * FROM athena.memories ORDER BY id')
  const contents = (results: SearchResult[]) => results.map(({ content }) => content)

  test('a text file is remembered by paragraphs, with file, line and heading', async () => {
    const file = fileWith('# Deploys\n\nThey happen on Tuesdays.\n\n# Backups\n\nNightly.\n')
    const { project, files } = await remembering([file])
    expect(project).toEqual({ id: expect.stringMatching(/^\d+$/), name: 'demo' })
    expect(files).toEqual([{ file, remembered: 2, known: 0 }])
    expect(await stored()).toMatchObject([
      {
        content: '# Deploys\n\nThey happen on Tuesdays.',
        memory_type: 'fact',
        domain: 'memory',
        embedding: null,
        metadata: { file, line: 1, heading: 'Deploys' },
      },
      { content: '# Backups\n\nNightly.', metadata: { file, line: 5, heading: 'Backups' } },
    ])
  })

  test('JSON lines keep all their fields, and flags fill in what they leave out', async () => {
    const full = {
      content: 'one',
      memory_type: 'procedure',
      domain: 'planning',
      content_type: 'task',
      tags: ['own', 'both'],
      metadata: { by: 'ada', nested: { list: [1, '€'] } },
      embedding: [1, -0.5, 0.25],
      confidence: 0.5,
      language: 'typescript',
      session_id: 's1',
      event_kind: 'learning',
      created_at: '2020-02-29T12:00:00.000Z',
    }
    await remembering([jsonLines(full, { content: 'two' })], { type: 'pattern', domain: 'code', tag: ['both', 'flag'] })
    expect(await stored()).toMatchObject([
      { ...full, tags: ['own', 'both', 'flag'], embedding: '[1,-0.5,0.25]', created_at: new Date(full.created_at) },
      { content: 'two', memory_type: 'pattern', domain: 'code', tags: ['both', 'flag'], metadata: {}, confidence: 1 },
    ])
  })

  test('what the project remembers already is skipped and counted, within a file too; other projects have their own', async () => {
    const file = jsonLines({ content: 'one' }, { content: 'two' }, { content: 'one' })
    expect((await remembering([file])).files).toEqual([{ file, remembered: 2, known: 1 }])
    expect((await remembering([file])).files).toEqual([{ file, remembered: 0, known: 3 }])
    expect((await remembering([file], { project: 'other' })).files).toEqual([{ file, remembered: 2, known: 1 }])
    expect(await stored()).toHaveLength(4)
  })

  test('many lines go in several batches', async () => {
    const file = jsonLines(
      ...Array.from({ length: 1201 }, (_, n) => ({ content: `memory ${n}`, embedding: [1, n, 2] })),
    )
    expect((await remembering([file])).files).toEqual([{ file, remembered: 1201, known: 0 }])
    expect(await query(db.database, 'SELECT count(*)::int FROM athena.memories')).toEqual([{ count: 1201 }])
  })

  test('text that SQL, JSON or a terminal could trip over comes back as it was', async () => {
    const content = `'); DROP TABLE athena.memories; -- \\ "quoted" \u{1f600} \u001b[31m %s $1 {} ; \t end`
    await remembering([jsonLines({ content, tags: ['a,b', '{c}', '"d"', 'null'] })])
    expect(await stored()).toMatchObject([{ content, tags: ['a,b', '{c}', '"d"', 'null'] }])
  })

  test('one bad line and nothing is stored; every bad line is told', async () => {
    const good = jsonLines({ content: 'good' })
    const bad = jsonLines({ content: 'good too' }, { contents: 'x' }, { content: 'x', embedding: [1, 2] })
    expect(await refusal(() => remembering([good, bad]))).toMatchObject({
      code: 'malformed_memory',
      message: '2 memories cannot be stored',
      detail: [
        `${bad}:2: has no "content"`,
        `${bad}:3: "embedding" has 2 dimensions, and the store was installed for 3 (embedding_dimensions)`,
      ].join('\n'),
    })
    expect(await stored()).toEqual([])
    expect(await query(db.database, 'SELECT FROM athena.projects')).toEqual([])
  })

  test.each([
    ['file_not_text', new Uint8Array([0x7f, 0x45, 0x4c, 0x46, 0, 1])],
    ['file_not_text', Buffer.from('caf\u00e9', 'latin1')],
  ])('a file of bytes is refused: %s', async (code, bytes) => {
    expect(await refusal(() => remembering([fileWith(bytes)]))).toMatchObject({
      code,
      detail: expect.stringContaining('Nothing was stored'),
    })
  })

  test('a file that is not there is refused, and nothing of the others is stored', async () => {
    const there = jsonLines({ content: 'there' })
    expect(await refusal(() => remembering([there, '/nowhere.md']))).toMatchObject({ code: 'file_unreadable' })
    expect(await stored()).toEqual([])
  })

  test('--dry-run counts and stores nothing', async () => {
    const file = jsonLines({ content: 'one' }, { content: 'one' })
    expect((await remembering([file], { 'dry-run': true })).files).toEqual([{ file, remembered: 1, known: 1 }])
    expect(await stored()).toEqual([])
    expect(await query(db.database, 'SELECT FROM athena.projects')).toEqual([])
  })

  describe('a search by words', () => {
    beforeEach(() =>
      remembering([
        jsonLines(
          { content: 'Deploys happen on Tuesdays, after the tests', tags: ['ops'] },
          { content: 'Backups are taken every night' },
          { content: 'The tests of deploys run nightly' },
          { content: 'Deploys were on Mondays' },
        ),
      ]),
    )

    test('finds what has all of them, in any form, best first and with 1', async () => {
      const results = await search({ text: 'deploy test' })
      expect(contents(results)).toHaveLength(2)
      for (const { match, content } of results) {
        expect(match).toBe('all_words')
        expect(content).toMatch(/Deploys happen|The tests/)
      }
      expect(results[0]?.score).toBe(1)
      expect(results[1]?.score).toBeLessThanOrEqual(1)
      expect(results[1]?.score).toBeGreaterThan(0)
    })

    test('finds what has some of them where nothing has all: a question in a full sentence', async () => {
      const results = await search({ text: 'On which weekday are the backups deployed, please?' })
      expect(results.length).toBeGreaterThan(1)
      expect(new Set(results.map(({ match }) => match))).toEqual(new Set(['some_words']))
    })

    test('takes "a phrase", or, and -not', async () => {
      expect(contents(await search({ text: '"every night"' }))).toEqual(['Backups are taken every night'])
      expect(await search({ text: 'backups or mondays' })).toHaveLength(2)
      expect(contents(await search({ text: 'deploys -tests' }))).toEqual(['Deploys were on Mondays'])
      expect(await search({ text: 'backups zebra -night' })).toEqual([])
    })

    test('gives id, content, kind, tags and time, and marks the words', async () => {
      const [result] = await search({ text: 'tuesday' })
      expect(result).toMatchObject({
        id: expect.stringMatching(/^\d+$/),
        content: 'Deploys happen on Tuesdays, after the tests',
        memoryType: 'fact',
        domain: 'memory',
        tags: ['ops'],
        metadata: {},
        createdAt: expect.any(Date),
        snippet: expect.stringContaining('\u0001Tuesdays\u0002'),
      })
    })

    test('gives as many as were asked for, and nothing for words that say nothing', async () => {
      expect(await search({ text: 'deploys', limit: 2 })).toHaveLength(2)
      expect(await search({ text: 'the of and' })).toEqual([])
      expect(await search({ text: `'; -- \\ & | ! <-> :*` })).toEqual([])
    })

    test('leaves out what was superseded, and other projects', async () => {
      await query(db.database, `UPDATE athena.memories SET state = 'superseded' WHERE content LIKE '%Mondays'`)
      await remembering([jsonLines({ content: 'Deploys of another project' })], { project: 'other' })
      expect(await search({ text: 'mondays' })).toEqual([])
      expect(await search({ text: 'deploys' })).toHaveLength(2)
    })
  })

  test('a search by vector gives the nearest by cosine, scored 0 to 1, and no memory without an embedding', async () => {
    await remembering([
      jsonLines(
        { content: 'same direction', embedding: [2, 4, 0] },
        { content: 'near', embedding: [1, 1, 0] },
        { content: 'opposite', embedding: [-1, -2, 0] },
        { content: 'none' },
      ),
    ])
    const results = await search({ vector: [1, 2, 0] })
    expect(contents(results)).toEqual(['same direction', 'near', 'opposite'])
    expect(results.map(({ match }) => match)).toEqual(['vector', 'vector', 'vector'])
    const [first, second, third] = results.map(({ score }) => score)
    expect(first).toBeCloseTo(1, 3)
    expect(second).toBeCloseTo(3 / Math.sqrt(10), 3)
    expect(third).toBe(0)
  })

  test('a project that is not there is refused with the nearest name', async () => {
    await remembering([jsonLines({ content: 'x' })])
    expect(await refusal(() => withSession((client) => findProject(client, 'dema')))).toMatchObject({
      code: 'project_missing',
      detail: 'There are: demo.',
      hint: 'Did you mean demo?',
    })
  })
})

onEachEngine('a database without the store', (engine) => {
  test('is told to be migrated', async () => {
    const db = await engine.create()
    const options = { project: 'demo' } as Parameters<typeof remember>[0]['options']
    const refused = await refusal(() => remember({ operands: ['x'], options, openDatabase: async () => db.database }))
    expect(refused).toMatchObject({ code: 'store_missing', hint: 'athena migrate up' })
    await db.drop()
  })
})
