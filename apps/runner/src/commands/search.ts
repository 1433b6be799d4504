import { AthenaError } from '@athena-pg/database'
import { defineCommand } from '../command.ts'
import { closed, listOf, text, time } from '../json-shapes.ts'
import { wholeNumber } from '../malformed-flag.ts'

export const command = defineCommand({
  summary: 'Search what a project remembers',
  operands: '[TEXT]',
  details: `Finds the memories with all words of the text ("a phrase", or, and -not work as in web search), and where there is none those with some of them. With --vector the nearest embeddings are found instead, compared exactly.
Scores are 0 to 1: of words, relative to the best result; of vectors, the cosine similarity.`,
  examples: [
    'athena search "how do we deploy" --project demo',
    'athena search --vector @question.json --project demo --limit 5 --json',
  ],
  options: {
    project: { type: 'string', default: 'default', value: 'NAME', description: 'The project that remembers' },
    vector: {
      type: 'string',
      value: "'[…]'|@FILE",
      description: 'Embedding of the question: a list of numbers, or a file with one',
    },
    limit: { type: 'string', value: 'N', description: 'How many results at most (10)' },
  },
  output: closed({
    results: listOf(
      closed({
        id: text,
        score: { type: 'number', minimum: 0, maximum: 1 },
        match: { enum: ['all_words', 'some_words', 'vector'] },
        content: text,
        memoryType: text,
        domain: text,
        tags: listOf(text),
        metadata: { type: 'object' },
        createdAt: time,
      }),
    ),
  }),
  async run({ options, operands, json, cwd, colour, print, talk, openDatabase }) {
    const [text] = operands
    const limit = wholeNumber('limit', options.limit ?? '10', 9999, 20)
    if (!text?.trim() && options.vector === undefined) {
      throw new AthenaError({
        code: 'missing_operand',
        message: 'athena search needs a text or --vector',
        hint: 'For example: athena search "how do we deploy" --project demo',
        exit: 2,
      })
    }
    const [{ storeFacts }, { findProject }, { readVector }, { searchMemories }] = await Promise.all([
      import('../store/store-facts.ts'),
      import('../store/projects.ts'),
      import('../search/read-vector.ts'),
      import('../search/search-memories.ts'),
    ])
    const database = await openDatabase()
    const client = await database.open('search')
    try {
      const facts = await storeFacts(client)
      const vector = options.vector === undefined ? undefined : readVector(options.vector, cwd, facts.dimensions)
      const { id: projectId } = await findProject(client, options.project)
      const results = await searchMemories(client, facts, { projectId, text, vector, limit })
      if (json) {
        print(JSON.stringify({ results: results.map(({ snippet: _, ...result }) => result) }))
        return
      }
      const { showResults } = await import('../search/show-results.ts')
      for (const line of showResults(results, colour)) print(line)
      if (results.length === 0) talk('nothing found: try other words, or fewer')
      else if (results[0]?.match === 'some_words') talk('no memory has all of these words; these have some')
    } finally {
      await client.end()
    }
  },
})
