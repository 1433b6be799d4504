import { expect, test } from 'vitest'
import { reportTo } from '../src/report.ts'

function reported(isQuiet = false) {
  const lines: string[] = []
  const events = reportTo(
    { print: (line) => lines.push(`out: ${line}`), talk: (line) => lines.push(`err: ${line}`), isTerminal: false },
    isQuiet,
  )
  return { lines, events }
}

const batch = { id: 'fill@shop', statement: 'UPDATE …', rows: 120_000, seconds: 10, tableRows: 1_000_000 }

test('a wait is told on standard error: who is in the way, with what', () => {
  const { lines, events } = reported(true)
  const blocker = { pid: 7, application: 'psql', state: 'idle in transaction', age: 12, query: 'UPDATE t SET a = 1' }
  events.blocked?.({ what: 'alter@shop', blockers: [blocker, { ...blocker, pid: 8 }] })
  events.retry?.({ what: 'alter@shop', attempt: 1, pause: 80.4, blockers: [blocker] })
  expect(lines).toEqual([
    'err: alter@shop: waits for a lock held by pid 7 (psql, idle in transaction, transaction open for 12 s): UPDATE t SET a = 1',
    'err: alter@shop: waits for a lock held by pid 8 (psql, idle in transaction, transaction open for 12 s): UPDATE t SET a = 1',
    'err: alter@shop: lock timeout, try 2 in 80 ms',
  ])
})

test('a backfill is told without a terminal by a line now and then, not by one for each batch', () => {
  const { lines, events } = reported()
  for (let rows = 1; rows < 100; rows += 1) events.batched?.({ ...batch, rows: rows * 120_000 })
  expect(lines).toEqual(['err: fill@shop: 120,000 rows changed so far, 12,000/s; its table has about 1,000,000'])
})

test('a backfill says nothing about a table that nobody could estimate, and nothing at all beside JSON', () => {
  const { lines, events } = reported()
  events.batched?.({ ...batch, seconds: 0, rows: 5, tableRows: undefined })
  expect(lines).toEqual(['err: fill@shop: 5 rows changed so far, 5,000/s'])
  const quiet = reported(true)
  quiet.events.batched?.(batch)
  expect(quiet.lines).toEqual([])
})
