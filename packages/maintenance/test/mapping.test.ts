import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import type { Column, Table } from '../src/adopt/catalogues.ts'
import { formFaults } from '../src/adopt/mapping-form.ts'
import { suggest } from '../src/adopt/suggest.ts'

describe('the form of a mapping', () => {
  const faults = (value: unknown) => formFaults(value).map(({ path, text }) => `${path}: ${text}`)

  test('all faults at once, each with its path', () => {
    const mapping = {
      schema: '',
      timezone: 'UTC',
      tables: {
        notes: {
          to: 'memories',
          colums: {},
          columns: { a: '?', b: 3, c: { to: 'tags', as: 'lists' }, d: { as: 'scale' } },
        },
        other: { columns: [], constants: { kind: null } },
        third: {
          to: 'plans',
          columns: { x: { to: 'progress', from: [1, 1], as: 'scale' }, y: { to: 'status', words: { a: 1 } } },
        },
        left: null,
      },
    }
    expect(faults(mapping)).toEqual([
      'timezone: is not known; did you mean "timeZone"?',
      'schema: must be text',
      'tables.notes.colums: is not known; did you mean "columns"?',
      'tables.notes.columns.a: is not decided yet: name one of our columns, or write null to leave this one out',
      'tables.notes.columns.b: must be the name of our column, an object, or null to leave it out',
      'tables.notes.columns.c.as: must be one of milliseconds, seconds, word, lower, scale, list; did you mean "list"?',
      'tables.notes.columns.d.to: must name our column',
      'tables.notes.columns.d: "as": "scale" needs "from": [lowest, highest] of the source',
      'tables.other.to: must name one of our tables, such as "memories"',
      'tables.other.constants.kind: must be text, a number, true or false',
      'tables.other.columns: must be an object: one member for each source column',
      'tables.third.columns.x.from: must be two different numbers: [0, 100]',
      'tables.third.columns.y.words: must be an object of words: { "done": "completed" }',
      'tables.third.columns.y.words: needs "as": "word"',
    ])
  })

  test('nonsense is a fault, never a crash', () => {
    fc.assert(
      fc.property(fc.jsonValue(), (value) => {
        expect(faults(value)).toBeInstanceOf(Array)
        expect(faults({ tables: { t: { to: 'memories', columns: { c: value } } } })).toBeInstanceOf(Array)
      }),
    )
  })
})

describe('a mapping is drafted from names and types', () => {
  const column = (name: string, type = 'text', more: Partial<Column> = {}): Column => ({
    name,
    type,
    notNull: false,
    default: null,
    isGenerated: false,
    isIdentity: false,
    refers: null,
    ...more,
  })
  const table = (name: string, columns: Column[], key = ['id']): [string, Table] => [
    name,
    { name, columns, key, readable: true },
  ]

  test('a table with an embedding and a text is one of memories; what has no place of its own goes into metadata', () => {
    const drafted = suggest(
      new Map([
        table('chunks', [
          column('id', 'uuid'),
          column('body'),
          column('vec', 'extensions.vector(1536)'),
          column('source_url'),
          column('page', 'integer'),
          column('raw', 'bytea'),
          column('lexemes', 'tsvector'),
          column('second', 'vector(3)'),
        ]),
        table('audit', [column('id')]),
      ]),
      'public',
    )
    expect(drafted.tables).toEqual({
      chunks: {
        to: 'memories',
        key: 'id',
        project: '?',
        columns: {
          body: 'content',
          vec: 'embedding',
          source_url: { to: 'metadata', key: 'source_url' },
          page: { to: 'metadata', key: 'page' },
          raw: '?',
          lexemes: null,
          second: '?',
        },
        constants: { memory_type: 'fact' },
      },
      audit: null,
    })
  })

  test.each([
    ['theText', ['title', 'theText', 'author']],
    ['The Body', ['The Body', 'url', 'kind']],
    ['content', ['my text', 'content']],
    ['passage', ['passage']],
  ])('the text of a memory is known by its name, its last word, or as the only one: %s', (expected, names) => {
    const columns = [column('id', 'uuid'), ...names.map((name) => column(name)), column('vec', 'vector(3)')]
    const drafted = suggest(new Map([table('Odd "Notes"', columns)]), 'public').tables['Odd "Notes"']
    expect(Object.keys(drafted?.columns ?? {}).filter((name) => drafted?.columns[name] === 'content')).toEqual([
      expected,
    ])
  })

  test('whose the rows are is asked only where no column says', () => {
    const asked = (name: string, columns: string[]) =>
      suggest(new Map([table(name, [column('id'), ...columns.map((each) => column(each))])]), 'public').tables[name]
        ?.project
    expect(asked('memories', ['content'])).toBe('?')
    expect(asked('memories', ['content', 'consolidation_id'])).toBe('?')
    expect(asked('memories', ['content', 'project_id'])).toBeUndefined()
    expect(asked('projects', ['name'])).toBeUndefined()
  })

  test('a number that counts from 1970 is converted, a time is not', () => {
    const events = (type: string) =>
      suggest(new Map([table('episodic_events', [column('id', 'bigint'), column('timestamp', type)])]), 'public').tables
        .episodic_events?.columns.timestamp
    expect(events('bigint')).toEqual({ to: 'happened_at', as: 'milliseconds' })
    expect(events('timestamp without time zone')).toBe('happened_at')
  })

  test('ids of a table that the source does not have are kept for people; of one that it has they are references', () => {
    const memories = table('memories', [column('id'), column('content'), column('consolidation_id', 'bigint')])
    const runs = table('consolidations', [column('id'), column('project_id')])
    const drafted = (tables: [string, Table][]) =>
      suggest(new Map(tables), 'public').tables.memories?.columns.consolidation_id
    expect(drafted([memories])).toEqual({ to: 'metadata', key: 'consolidation_id' })
    expect(drafted([memories, runs])).toBe('consolidation_id')
  })

  test('what stands in for a null is named only where it is there', () => {
    const name = (columns: Column[]) =>
      suggest(new Map([table('code_metadata', columns)]), 'public').tables.code_metadata?.columns.entity_name
    expect(name([column('entity_name')])).toBe('name')
    expect(name([column('entity_name'), column('file_path')])).toEqual({ to: 'name', or: 'file_path' })
  })

  test('two columns never go to one of ours', () => {
    const drafted = suggest(
      new Map([table('projects', [column('id'), column('updated_at'), column('last_modified'), column('name')])]),
      'public',
    )
    expect(drafted.tables.projects?.columns).toEqual({
      updated_at: 'updated_at',
      last_modified: { to: 'metadata', key: 'last_modified' },
      name: 'name',
    })
  })
})
