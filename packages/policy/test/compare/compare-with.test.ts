import { expect, test } from 'vitest'
import { type Compared, compareWith } from '../../src/compare/compare-with.ts'
import type { ServerFacts } from '../../src/facts/server-facts.ts'
import { recommend } from '../../src/recommend.ts'
import { GB } from '../../src/units.ts'
import { machine } from '../machine.ts'

const bare = { walCompression: ['pglz'], toastCompression: ['pglz'], ioMethod: ['sync', 'worker'], libraries: [] }

function column(facts: ServerFacts, name: string): Compared {
  const found = compareWith(facts).compared.find((each) => each.name === name)
  if (found === undefined) throw new Error(`no ${name}`)
  return found
}

test('ours are first, have the memory of the recommendation, and fit', () => {
  const facts = machine({ version: 17 })
  const { compared } = compareWith(facts)
  expect(compared.map(({ name }) => name)).toEqual(['ours', 'guide', 'pgtune', 'timescaledb-tune', 'defaults'])
  expect(compared[0]?.memory).toEqual(recommend(facts).memory)
  expect(compared[0]).toMatchObject({ verdict: 'fits', refused: [] })
})

test('all are counted by the same accounting: the same parts, and the share is of the same limit', () => {
  const { compared } = compareWith(machine({ version: 17 }))
  for (const { memory, share } of compared) {
    expect(memory.parts.map(({ name }) => name)).toEqual(compared[0]?.memory.parts.map(({ name }) => name))
    expect(memory.limit).toBe(16 * GB)
    expect(share).toBeCloseTo(memory.parts.reduce((sum, { bytes }) => sum + bytes, 0) / (16 * GB), 9)
  }
})

test('a vector build with memory of its own is counted to ours, and to the others only their maintenance_work_mem', () => {
  const facts = machine({ memory: 64 * GB, version: 17 })
  const build = (name: string) => column(facts, name).memory.parts.find((part) => part.name === 'index build')?.bytes
  expect(build('ours')).toBeGreaterThan(4 * GB)
  expect([build('guide'), build('pgtune'), build('defaults')]).toEqual([2 * GB, 4 * GB, GB / 16])
})

test('the defaults are those that initdb writes, in old versions too', () => {
  const { settings } = compareWith(machine({ version: 14 }))
  expect(settings.find(({ name }) => name === 'shared_buffers')?.values.defaults).toBe('128MB')
})

test('a worst case over the limit is called so, and one that leaves less than the reserve, too', () => {
  const facts = machine({ memory: 16 * GB, cpus: 8, version: 17, workload: { connections: 100 } })
  expect(column(facts, 'timescaledb-tune')).toMatchObject({ verdict: 'over the limit' })
  expect(column(facts, 'guide').share).toBeGreaterThan(1.48)
  for (const { verdict, memory, share } of compareWith(facts).compared) {
    const expected =
      share > 1 ? 'over the limit' : memory.worstCase > memory.limit - memory.reserve ? 'eats the reserve' : 'fits'
    expect(verdict).toBe(expected)
  }
})

test('a build without lz4 refuses what the tools write, and one with it does not', () => {
  const poor = machine({ version: 17, postgres: { version: 17, capabilities: bare, preload: [] } } as never)
  expect(column(poor, 'pgtune').refused).toEqual([
    { name: 'wal_compression', value: 'lz4', reason: 'this build accepts pglz, on, off' },
  ])
  expect(column(poor, 'timescaledb-tune').refused).toEqual([
    { name: 'default_toast_compression', value: 'lz4', reason: 'this build accepts pglz' },
  ])
  expect(column(machine({ version: 17 }), 'pgtune').refused).toEqual([])
})

test('PostgreSQL 18 without io_uring refuses the io_method that pgtune writes on every Linux', () => {
  const poor = machine({ version: 18, postgres: { version: 18, capabilities: bare, preload: [] } } as never)
  expect(column(poor, 'pgtune').refused.map(({ name }) => name)).toEqual(['wal_compression', 'io_method'])
})

test('a row has the value of every column in the form of postgresql.conf, null where one does not set it', () => {
  const { settings } = compareWith(machine({ version: 17, workload: { kind: 'web' } }))
  const row = (name: string) => settings.find((each) => each.name === name)?.values
  expect(row('maintenance_work_mem')).toMatchObject({
    guide: '1GB',
    pgtune: '1GB',
    'timescaledb-tune': '2047MB',
    defaults: '64MB',
  })
  expect(row('wal_compression')).toMatchObject({ guide: null, pgtune: 'lz4', defaults: 'off' })
  expect(new Set(settings.map(({ name }) => name)).size).toBe(settings.length)
})

test('facts that nobody was told are named with what was taken instead', () => {
  expect(column(machine(), 'pgtune').assumptions.join(' ')).toContain('"mixed"')
  expect(column(machine({ workload: { kind: 'web' } }), 'pgtune').assumptions.join(' ')).not.toContain('"mixed"')
  expect(column(machine(), 'timescaledb-tune').assumptions.join(' ')).toContain('unknown here')
})
