import { AthenaError } from '@athena-pg/database'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { atOnceOf } from '../src/fleet/flags.ts'
import type { Outcome } from '../src/fleet/outcome.ts'
import type { FleetTarget } from '../src/fleet/read-targets.ts'
import { inTurns } from '../src/fleet/schedule.ts'

interface Case {
  isCanary: boolean
  fails: boolean
  turns: number
}

const cases = fc.array(
  fc.record({ isCanary: fc.boolean(), fails: fc.boolean(), turns: fc.integer({ min: 0, max: 5 }) }),
  { maxLength: 12 },
)

/** Works on so many targets, and notes what went on. */
async function watch(
  given: readonly Case[],
  atOnce: number,
  stopOnFailure: boolean,
  interruptAt = Number.POSITIVE_INFINITY,
) {
  const targets = given.map(({ isCanary }, index) => ({ name: String(index), isCanary }) as FleetTarget)
  const begun: { name: string; others: number; failures: number }[] = []
  const ended: string[] = []
  let running = 0
  let failures = 0
  const isInterrupted = () => begun.length >= interruptAt
  const schedule = { atOnce, stopOnFailure, isCanary: (each: FleetTarget) => each.isCanary, isInterrupted }
  const outcomes = await inTurns(targets, schedule, async ({ name }): Promise<Outcome> => {
    const { fails, turns } = given[Number(name)] as Case
    begun.push({ name, others: running, failures })
    running += 1
    for (let turn = 0; turn < turns; turn += 1) await new Promise((resolve) => setImmediate(resolve))
    running -= 1
    // Counted once it can be known.
    if (fails) setImmediate(() => (failures += 1))
    ended.push(name)
    const result = { name, applied: [], milliseconds: 0 }
    return fails
      ? { ...result, result: 'failed', error: new AthenaError({ code: 'x', message: 'x' }) }
      : { ...result, result: 'done' }
  })
  return { outcomes, begun, ended }
}

test('whatever fails: never more at once than asked, canaries first and alone, and each target has one outcome, in order', async () => {
  await fc.assert(
    fc.asyncProperty(cases, fc.integer({ min: 1, max: 5 }), fc.boolean(), async (given, atOnce, stopOnFailure) => {
      const { outcomes, begun } = await watch(given, atOnce, stopOnFailure)
      expect(outcomes.map(({ name }) => name)).toEqual(given.map((_, index) => String(index)))
      const isCanary = (name: string) => given[Number(name)]?.isCanary === true
      for (const { name, others } of begun) expect(others).toBeLessThan(isCanary(name) ? 1 : atOnce)
      const firstOther = begun.findIndex(({ name }) => !isCanary(name))
      if (firstOther >= 0) expect(begun.slice(firstOther).some(({ name }) => isCanary(name))).toBe(false)
      const names = new Set(begun.map(({ name }) => name))
      expect(names.size).toBe(begun.length)
      for (const { name, result } of outcomes)
        expect(result).toBe(!names.has(name) ? 'skipped' : given[Number(name)]?.fails ? 'failed' : 'done')
      const failedCanary = given.findIndex((each) => each.isCanary && each.fails)
      if (failedCanary >= 0) expect(begun.at(-1)?.name).toBe(String(failedCanary))
      else if (!stopOnFailure) expect(names.size).toBe(given.length)
      else for (const { failures } of begun) expect(failures).toBe(0)
    }),
    { numRuns: 500 },
  )
})

test('as many at once as asked, where there are so many', async () => {
  const { begun } = await watch(
    Array.from({ length: 9 }, () => ({ isCanary: false, fails: false, turns: 3 })),
    3,
    false,
  )
  expect(Math.max(...begun.map(({ others }) => others))).toBe(2)
})

test('an interrupt begins nothing further', async () => {
  const nine = Array.from({ length: 9 }, (_, index) => ({ isCanary: index < 2, fails: false, turns: 3 }))
  const { begun, outcomes } = await watch(nine, 2, false, 4)
  expect(begun).toHaveLength(4)
  expect(outcomes.filter(({ result }) => result === 'skipped')).toHaveLength(5)
})

test('scratch databases in memory are made one at a time, those on a server as many as asked', () => {
  expect(atOnceOf('8', { drift: true })).toBe(1)
  expect(atOnceOf('8', { drift: true, 'shadow-url': 'postgres://localhost/scratch' })).toBe(8)
  expect([atOnceOf('8', {}), atOnceOf()]).toEqual([8, 4])
})
