import fc from 'fast-check'
import { expect, test } from 'vitest'
import { machines, seed } from '../../../../test/random-machine.ts'
import { PolicyError } from '../../src/policy-error.ts'
import { recommend } from '../../src/recommend.ts'
import type { ServerFacts } from '../../src/facts/server-facts.ts'
import { GB } from '../../src/units.ts'
import { machine } from '../machine.ts'

function tried(facts: ServerFacts) {
  try {
    return recommend(facts)
  } catch (error) {
    if (error instanceof PolicyError) return undefined
    throw error
  }
}

test('what the session of a build is told to take is in the budget, whatever the workload', () => {
  let builds = 0
  const property = fc.property(machines, (facts) => {
    const recommendation = tried(facts)
    if (recommendation === undefined) return
    builds++
    const { memory, vectors } = recommendation
    const budgeted = memory.parts.find(({ name }) => name === 'index build')?.bytes
    expect(vectors.build.maintenanceWorkMem).toBeLessThanOrEqual(Number(budgeted))
  })
  fc.assert(property, { numRuns: 1000, seed })
  expect(builds).toBeGreaterThan(500)
})

test('a workload without memories says so where its build spills', () => {
  const { build } = recommend(machine({ workload: { kind: 'web', rows: 10_000_000 } })).vectors
  expect(build.maintenanceWorkMem).toBe(GB / 2)
  expect(build.reason).toMatch(/^512 MB, all that the workload web has for builds, of /)
  expect(build.proposals.map(({ change }) => change)).not.toContain('memory')
})
