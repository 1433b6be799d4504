import { describe, expect, test } from 'vitest'
import { explain, settingNames } from '../src/explain.ts'
import { recommend } from '../src/recommend.ts'
import { machine } from './machine.ts'

test('a setting of a rule is explained with the value that is recommended, and what it follows from', () => {
  const facts = machine()
  const { settings } = recommend(facts)
  const { value, reason } = settings.find(({ name }) => name === 'work_mem') ?? {}
  expect(explain(facts, 'work_mem')).toMatchObject({
    value,
    reason,
    default: '4MB',
    takesEffect: 'reload',
    topic: 'Memory',
    accepts: { type: 'integer', unit: 'kB', min: 64 },
    versions: [14, 15, 16, 17, 18],
    uses: expect.arrayContaining(['hash_mem_multiplier', 'max_connections', 'shared_buffers']),
  })
  expect(explain(facts, 'work_mem')?.uses).not.toContain('work_mem')
})

test('a setting that is left alone is explained by why', () => {
  expect(explain(machine(), 'fsync')).toMatchObject({ reason: expect.stringMatching(/crash/), uses: [] })
  expect(explain(machine(), 'fsync')).not.toHaveProperty('value')
  expect(explain(machine(), 'block_size')?.reason).toMatch(/no file can change it/)
  expect(explain(machine(), 'array_nulls')?.reason).toMatch(/default is kept/)
})

test('a setting of other versions is explained as such', () => {
  expect(explain(machine({ version: 17 }), 'io_method')).toMatchObject({
    versions: [18],
    reason: 'PostgreSQL 17 has no such setting; 18 have.',
  })
  expect(explain(machine({ version: 17 }), 'io_method')).not.toHaveProperty('value')
})

test('what no version has is not explained', () => {
  expect(explain(machine(), 'wrk_mem')).toBeUndefined()
  expect(explain(machine(), 'constructor')).toBeUndefined()
})

describe.each([14, 16, 18] as const)('on PostgreSQL %d', (version) => {
  test('every setting has an explanation, with a value where one is recommended and only there', () => {
    const facts = machine({ version })
    const recommended = new Map(recommend(facts).settings.map(({ name, value }) => [name, value]))
    for (const name of settingNames()) {
      const explanation = explain(facts, name)
      expect(explanation?.value, name).toBe(recommended.get(name))
      expect(explanation?.reason, name).toMatch(/\S/)
    }
    expect(settingNames()).toEqual(expect.arrayContaining([...recommended.keys()]))
  })
})
