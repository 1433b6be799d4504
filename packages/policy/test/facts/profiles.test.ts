import { expect, test } from 'vitest'
import { gatherFacts } from '../../src/facts/gather-facts.ts'
import { profiles } from '../../src/facts/profiles.ts'
import { recommend } from '../../src/recommend.ts'
import { GB } from '../../src/units.ts'

test.each([
  ['small', 4 * GB, 2, false],
  ['medium', 16 * GB, 8, false],
  ['large', 64 * GB, 16, true],
  ['xlarge', 128 * GB, 32, true],
])('%s has %d bytes, %d cpus, pooled: %s, and settings that keep within', (name, memory, cpus, pooled) => {
  const profile = profiles.find((each) => each.name === name)
  const { facts } = gatherFacts([{ origin: name, facts: profile?.facts ?? {} }])
  expect(facts).toMatchObject({ memory, cpus, workload: { pooled, kind: 'agent-memory' }, postgres: { version: 18 } })
  expect(recommend(facts).settings.length).toBeGreaterThan(30)
})
