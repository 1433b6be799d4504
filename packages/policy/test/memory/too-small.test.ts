import fc from 'fast-check'
import { expect, test } from 'vitest'
import { PolicyError } from '../../src/policy-error.ts'
import { recommend } from '../../src/recommend.ts'
import { GB, MB } from '../../src/units.ts'
import { machine } from '../machine.ts'

function refusal(facts: ReturnType<typeof machine>): PolicyError {
  try {
    recommend(facts)
  } catch (error) {
    if (error instanceof PolicyError) return error
    throw error
  }
  throw new Error('not refused')
}

test('too little memory for the connections is refused with the sum and with what would fit', () => {
  const { code, message, detail, hint } = refusal(machine({ memory: GB, cpus: 2 }))
  expect(code).toBe('memory_too_small')
  expect(message).toBe('1 GB of memory are too little for 100 connections')
  expect(detail).toMatch(/^shared memory: .*\nsessions: /)
  expect(hint).toMatch(/^Any of these fits: --connections \d+; --memory \d+GB\.$/)
})

test('many sessions on a large machine are refused for their page tables, and huge pages are the way out', () => {
  const facts = machine({ memory: 1024 * GB, cpus: 64, workload: { connections: 1500, active: 1500 } })
  expect(refusal(facts).hint).toContain('--huge-pages, set aside on the host')
  expect(recommend({ ...facts, hugePages: true }).memory.parts.find(({ name }) => name === 'page tables')?.bytes).toBe(
    0,
  )
})

test('every proposal of a refusal fits', () => {
  const facts = fc.record({
    memory: fc.integer({ min: 2, max: 64 }).map((each) => each * 128 * MB),
    cpus: fc.integer({ min: 1, max: 32 }),
    connections: fc.integer({ min: 100, max: 2000 }),
    pooled: fc.boolean(),
  })
  let refused = 0
  fc.assert(
    fc.property(facts, ({ memory, cpus, connections, pooled }) => {
      const active = pooled ? connections - 20 : connections
      const asked = machine({ memory, cpus, workload: { connections, active, pooled } })
      let error: PolicyError
      try {
        recommend(asked)
        return
      } catch (thrown) {
        error = thrown as PolicyError
      }
      refused++
      const [, size, unit] = /--memory (\d+)(GB|MB)/.exec(error.hint ?? '') ?? []
      if (size !== undefined) recommend({ ...asked, memory: Number(size) * (unit === 'GB' ? GB : MB) })
      if (error.hint?.includes('--huge-pages')) recommend({ ...asked, hugePages: true })
      const fewer = /--connections (\d+)/.exec(error.hint ?? '')?.[1]
      if (fewer === undefined || pooled) return
      const most = Number(fewer)
      recommend(machine({ memory, cpus, workload: { connections: most, active: most } }))
      expect(refusal(machine({ memory, cpus, workload: { connections: most + 1, active: most + 1 } })).code).toBe(
        'memory_too_small',
      )
    }),
  )
  expect(refused).toBeGreaterThan(10)
})
