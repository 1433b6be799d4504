import { expect, test } from 'vitest'
import type { SearchResult } from '../src/search/search-memories.ts'
import { showResults } from '../src/search/show-results.ts'

const result: SearchResult = {
  id: '7',
  score: 0.8349,
  match: 'all_words',
  content: 'Deploys happen on Tuesdays',
  memoryType: 'procedure',
  domain: 'memory',
  tags: ['ops'],
  metadata: { file: 'docs/deploy.md', line: 12 },
  createdAt: new Date(0),
  snippet: '\u0001Deploys\u0002 happen\n  on Tuesdays',
}

test('a result is a line about it, and the part that was found', () => {
  expect(showResults([result, { ...result, metadata: {}, tags: [] }], false)).toEqual([
    '1. 0.83  procedure  #ops  docs/deploy.md:12',
    '   Deploys happen on Tuesdays',
    '',
    '2. 0.83  procedure  id 7',
    '   Deploys happen on Tuesdays',
  ])
})

test('on a terminal the words stand out', () => {
  expect(showResults([result], true)[1]).toBe('   \u001b[1;33mDeploys\u001b[0m happen on Tuesdays')
})

test('escape sequences in what was remembered do not reach the terminal', () => {
  const hostile = {
    ...result,
    tags: ['\u001b[2J'],
    metadata: { file: '\u001b]0;x\u0007' },
    snippet: '\u001b[31m\u009b31mred\r',
  }
  for (const line of showResults([hostile], false)) expect(line).not.toMatch(/[\p{Cc}]/u)
})
