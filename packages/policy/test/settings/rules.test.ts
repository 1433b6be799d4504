import { describe, expect, test } from 'vitest'
import { catalogue, extensionCatalogue } from '../../src/catalogue/index.ts'
import { versions, workloadKinds } from '../../src/facts/choices.ts'
import { recommend } from '../../src/recommend.ts'
import { rules } from '../../src/settings/index.ts'
import { kept } from '../../src/settings/kept.ts'
import { GB, TB } from '../../src/units.ts'
import { machine } from '../machine.ts'

const sizes = [
  { memory: GB / 2, cpus: 1, connections: 8, replicas: 0 },
  { memory: 16 * GB, cpus: 8, connections: 100, replicas: 2 },
  { memory: TB, cpus: 64, connections: 100, replicas: 5 },
]
const tls = { certificate: '/tls/server.crt', key: '/tls/server.key', authority: '/tls/ca.crt' }
const everywhere = versions.flatMap((version) =>
  workloadKinds.flatMap((kind) =>
    sizes.map(({ memory, cpus, connections, replicas }) => {
      const workload = { kind, connections, replicas, pitr: true, growth: 50_000, rows: 1_000_000 }
      return recommend(machine({ version, memory, cpus, listen: '*', walDisk: 100 * GB, tls, workload }))
    }),
  ),
)

describe('every rule', () => {
  test.each(rules.map(({ name }) => name))('%s is about a setting that some version has', (name) => {
    expect(versions.some((version) => name in catalogue[version]) || name in extensionCatalogue).toBe(true)
  })

  test.each(rules.map(({ name }) => name))('%s has a value somewhere', (name) => {
    expect(everywhere.some(({ settings }) => settings.some((setting) => setting.name === name))).toBe(true)
  })

  test('is the only one of its name', () => {
    const names = rules.map(({ name }) => name)
    expect(names).toEqual([...new Set(names)])
  })

  test('gives its reason on one line that ends as a sentence', () => {
    for (const { settings } of everywhere) {
      for (const { name, reason } of settings) {
        expect(`${name}: ${reason}`).toMatch(/^[^\n]*[.]$/)
        expect(reason).not.toMatch(/undefined|NaN|\[object|Infinity/)
      }
    }
  })
})

test('what is kept has no rule with a value, and exists', () => {
  const set = new Set(everywhere.flatMap(({ settings }) => settings.map(({ name }) => name)))
  for (const name of Object.keys(kept)) {
    expect(set.has(name), name).toBe(false)
    expect(
      versions.some((version) => name in catalogue[version]),
      name,
    ).toBe(true)
  }
})
