import { expect, test } from 'vitest'
import { parseFacts } from '../../src/facts/parse-facts.ts'

test.each([[[]], [''], [' ']])('%j preloads nothing', (preload) => {
  expect(parseFacts({ preload })).toEqual({ facts: { preload: [] }, faults: [] })
})

test.each(['citus,,pg_cron', ',', 'citus,'])('"%s" has a name that is missing', (preload) => {
  const missing = [{ name: 'preload', problem: `"${preload}" is not a list of libraries` }]
  expect(parseFacts({ preload })).toMatchObject({ facts: {}, faults: missing })
  expect(parseFacts({ preload: preload.split(',') })).toMatchObject({ facts: {}, faults: missing })
})

test('addresses may be a list, too', () => {
  expect(parseFacts({ listen: ['localhost', '::1'] }).facts).toEqual({ listen: 'localhost, ::1' })
})

test.each([
  { memory: ['16GB'] },
  { cpus: [8] },
  { postgres: [17] },
  { pgvector: [] },
  { preload: [['citus']] },
  { preload: [1] },
])('%j is not read as its only item', (given) => {
  const [name] = Object.keys(given)
  expect(parseFacts(given)).toEqual({
    facts: {},
    faults: [{ name, problem: 'is neither text nor a number, true or false' }],
  })
})

test.each([
  ['v0.8.2', '0.8.2'],
  [' 0.8.7 ', '0.8.7'],
  ['version 1', 'version 1'],
])('pgvector "%s" is %s', (given, pgvector) => {
  expect(parseFacts({ pgvector }).facts).toEqual({ pgvector })
  expect(parseFacts({ pgvector: given }).facts).toEqual({ pgvector })
})
