import fc from 'fast-check'
import { expect, test } from 'vitest'
import { PolicyError } from '../../src/policy-error.ts'
import { recommend } from '../../src/recommend.ts'
import { GB } from '../../src/units.ts'
import { machine } from '../machine.ts'

const pools = (...args: Parameters<typeof machine>) => recommend(machine(...args)).pools

test('without a pooler the processes share what is left beside migrations and people', () => {
  const { usable, direct, application } = pools({ workload: { processes: 4 } })
  expect(usable).toBe(100 - 3 - 2)
  expect(direct).toBe(5)
  expect(application).toEqual({ processes: 4, min: 2, max: 8 })
})

test('a pool that was told is kept, or refused where the sum is too much', () => {
  expect(pools({ workload: { processes: 4, poolSize: 20 } }).application.max).toBe(20)
  expect(() => pools({ workload: { processes: 5, poolSize: 20 } })).toThrow(PolicyError)
})

test('behind a pooler the sum of its pools and the connections beside it is what the server admits', () => {
  fc.assert(
    fc.property(
      fc.record({ active: fc.integer({ min: 1, max: 80 }), processes: fc.integer({ min: 1, max: 500 }) }),
      (workload) => {
        const { usable, direct, pooler, application } = pools({
          memory: 64 * GB,
          workload: { ...workload, pooled: true },
        })
        if (pooler === undefined) throw new Error('no pooler')
        expect(pooler.poolSize + pooler.reserve).toBe(workload.active)
        expect(pooler.poolSize + pooler.reserve + pooler.sessionPoolSize + direct).toBeLessThanOrEqual(usable)
        expect(pooler.min).toBeLessThanOrEqual(pooler.poolSize)
        expect(application.processes * application.max).toBeLessThanOrEqual(pooler.clients)
      },
    ),
  )
})

test('a pool as large as the server leaves no way in beside it and is refused', () => {
  expect(() => pools({ memory: 64 * GB, workload: { active: 95, pooled: true } })).toThrow(
    'the pools need more connections than the server admits',
  )
})
