import { expect, test } from 'vitest'
import { parseMemory } from '../src/remember/parse-memory.ts'

test('a line with all fields is a memory', () => {
  const memory = {
    content: 'Deploys happen on Tuesdays',
    memory_type: 'procedure',
    domain: 'planning',
    content_type: 'semantic',
    tags: ['ops'],
    metadata: { by: 'ada' },
    embedding: [0.1, -2, 3e-4],
    confidence: 0.5,
    language: 'typescript',
    session_id: 's1',
    event_kind: 'learning',
    created_at: '2026-11-22T09:00:00Z',
  }
  expect(parseMemory(JSON.stringify(memory), 3)).toEqual(memory)
})

test.each([
  ['{"content": "x"', /^not JSON: /],
  ['"text"', 'must be an object: {"content": "…"}'],
  ['{}', 'has no "content"'],
  ['{"content": 3}', '"content" must be a text'],
  ['{"content": " \\n"}', '"content" is empty'],
  ['{"content": "a\\u0000b"}', /^"content" holds a NUL character/],
  ['{"content": "a\\ud800b"}', /^"content" holds a NUL character or half of a surrogate pair/],
  [`{"content": "${'x'.repeat(262_145)}"}`, '"content" has 262145 bytes, and 262144 is the most: split it'],
  ['{"content": "x", "contents": "y"}', '"contents" is not a field of a memory; did you mean "content"?'],
  ['{"content": "x", "importance": 3}', '"importance" is not a field of a memory; put it into "metadata"'],
  ['{"content": "x", "domain": null}', '"domain" is null: leave it out'],
  ['{"content": "x", "memory_type": "Fact"}', '"memory_type" must be lower-case letters, digits and _'],
  ['{"content": "x", "tags": "ops"}', '"tags" must be a list of texts'],
  ['{"content": "x", "tags": [""]}', '"tags" must be a list of texts'],
  ['{"content": "x", "metadata": []}', '"metadata" must be an object'],
  ['{"content": "x", "metadata": {"a": "\\u0000"}}', /^"metadata" holds a NUL character/],
  ['{"content": "x", "confidence": 2}', '"confidence" must be a number from 0 to 1'],
  ['{"content": "x", "created_at": "yesterday"}', '"created_at" must be a time such as 2026-11-22T09:00:00Z'],
  ['{"content": "x", "embedding": "[1,2,3]"}', '"embedding" must be a list of numbers'],
  ['{"content": "x", "embedding": [1, null, 3]}', '"embedding" must be a list of numbers'],
  ['{"content": "x", "embedding": [1, 1e400, 3]}', '"embedding" has a number beyond 65504'],
  ['{"content": "x", "embedding": [0, 0, 0]}', '"embedding" is all zeros, which has no direction to compare'],
  [
    '{"content": "x", "embedding": [1, 2]}',
    '"embedding" has 2 dimensions, and the store was installed for 3 (embedding_dimensions)',
  ],
])('%s is refused', (line, problem) => {
  const found = parseMemory(line, 3)
  if (problem instanceof RegExp) expect(found).toMatch(problem)
  else expect(found).toBe(problem)
})
