import { expect, test } from 'vitest'
import { catalogue } from '../src/catalogue/index.ts'
import { unitOf } from '../src/catalogue/setting-values.ts'
import { versions } from '../src/facts/choices.ts'
import { recommend } from '../src/recommend.ts'
import { TB } from '../src/units.ts'
import { machine } from './machine.ts'

// Up to what is accepted of a fact `memory`, far beyond the random machines.
test.each([16, 24, 32, 40, 64])('at %i TB every number is one that PostgreSQL takes', (terabytes) => {
  for (const version of versions) {
    const { settings } = recommend(machine({ version, memory: terabytes * TB, cpus: 1024 }))
    const refused = settings.filter(({ name, amount }) => {
      const entry = catalogue[version][name]
      return typeof amount === 'number' && entry?.max !== undefined && amount / unitOf(entry) > entry.max
    })
    expect(refused.map(({ name, value }) => `${name} = ${value}`)).toEqual([])
  }
})

test('a reason does not claim a quarter of the memory where that is more than PostgreSQL takes', () => {
  const reasonOf = (memory: number) =>
    recommend(machine({ memory })).settings.find(({ name }) => name === 'shared_buffers')?.reason
  expect(reasonOf(24 * TB)).toMatch(/^A quarter of /)
  expect(reasonOf(64 * TB)).toBe('Almost 8 TB, the most that PostgreSQL takes; a quarter of 64 TB would be more.')
})
