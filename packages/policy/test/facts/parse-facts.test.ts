import { expect, test } from 'vitest'
import { parseFacts } from '../../src/facts/parse-facts.ts'
import { GB } from '../../src/units.ts'

test('flags are text, a file has numbers and truths: both are read', () => {
  const expected = { memory: 16 * GB, cpus: 8, pooled: true, rows: 5_000_000, preload: ['citus', 'pg_cron'] }
  const text = { memory: '16GB', cpus: '8', pooled: 'true', rows: '5M', preload: 'citus, pg_cron' }
  expect(parseFacts(text)).toEqual({ facts: expected, faults: [] })
  const json = { memory: '16GB', cpus: 8, pooled: true, rows: 5e6, preload: ['citus', 'pg_cron'] }
  expect(parseFacts(json)).toEqual({ facts: expected, faults: [] })
})

test.each([
  ['17', 17],
  ['17.4', 17],
  ['v18', 18],
  [' 14 ', 14],
])('PostgreSQL "%s" is %d: settings differ between major versions only', (given, version) => {
  expect(parseFacts({ postgres: given }).facts).toEqual({ postgres: version })
})

test('everything that is wrong is found at once', () => {
  const { facts, faults } = parseFacts({
    memory: 16,
    cpus: 'many',
    storage: 'floppy',
    postgres: '16.x',
    workload: 'AI',
    pooled: 'yes',
    preload: 'a b',
    listen: "x'; DROP",
    build: 'gentoo',
    active: -3,
    colour: 'red',
    toString: 'x',
    rows: null,
    growth: { a: 1 },
    walDisk: '2TB',
  })
  expect(facts).toEqual({ walDisk: 2 * 1024 * GB })
  expect(faults.map(({ name, problem }) => `${name}: ${problem}`)).toEqual([
    'memory: "16" has no unit',
    'cpus: "many" is not a number',
    'storage: "floppy" is not one of hdd, ssd, nvme, network',
    'postgres: "16.x" is not a version of PostgreSQL',
    'workload: "AI" is not one of agent-memory, web, oltp, dw, mixed, desktop',
    'pooled: "yes" is neither true nor false',
    'preload: "a b" is not a list of libraries',
    'listen: "x\'; DROP" is not a list of addresses',
    expect.stringContaining('build: "gentoo" is not one of unknown, debian, pgdg-docker'),
    'active: "-3" is not a whole number',
    'colour: is not a fact that is known',
    'toString: is not a fact that is known',
    'rows: is neither text nor a number, true or false',
    'growth: is neither text nor a number, true or false',
  ])
})

test.each(['13', '19', '9.6'])('PostgreSQL %s is not known', (given) => {
  expect(parseFacts({ postgres: given }).faults).toMatchObject([{ problem: `PostgreSQL ${given} is not known` }])
})
