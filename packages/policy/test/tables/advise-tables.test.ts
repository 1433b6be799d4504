import { expect, test } from 'vitest'
import { recommend } from '../../src/recommend.ts'
import { machine } from '../machine.ts'

type Changes = NonNullable<Parameters<typeof machine>[0]>
const of = (changes: Changes, table: string, name: string) =>
  recommend(machine(changes))
    .tables.find((each) => each.table === table)
    ?.parameters.find((each) => each.name === name)

test('memories are vacuumed after a number of dead rows where their number is known', () => {
  const vacuum = of({ workload: { rows: 1_000_000 } }, 'memories', 'autovacuum_vacuum_threshold')
  expect(vacuum?.value).toBe('2500')
  expect(vacuum?.reason).toContain('13 s to 43 s of mending')
})

test('memories are vacuumed after a share of dead rows where it is not', () => {
  expect(of({}, 'memories', 'autovacuum_vacuum_scale_factor')?.value).toBe('0.02')
  expect(of({}, 'memories', 'autovacuum_vacuum_threshold')).toBeUndefined()
})

test.each([
  [1000, '500'],
  [100_000_000, '20000'],
])('%i memories are vacuumed after %s dead rows', (rows, value) => {
  expect(of({ workload: { rows } }, 'memories', 'autovacuum_vacuum_threshold')?.value).toBe(value)
})

test('vacuum keeps its pace on a hard disk', () => {
  expect(of({ storage: 'hdd' }, 'memories', 'autovacuum_vacuum_cost_limit')).toBeUndefined()
})

test('there is no advice for tables where there is no store', () => {
  expect(recommend(machine({ workload: { kind: 'oltp' } })).tables).toEqual([])
})
