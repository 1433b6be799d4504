import { expect, test } from 'vitest'
import { mendingScript } from '../src/show/show-drift.ts'

test('a script that takes back what a half-done migration did says so first', () => {
  const object = 'index shop.idx_done'
  const mend = { sql: ['DROP INDEX CONCURRENTLY shop.idx_done;'] }
  const found = { migrations: 1, notes: [], findings: [{ state: 'unexpected', object, diff: [], mend } as const] }
  const [first] = mendingScript({ ...found, interrupted: ['20260102000000_index@half'] })
  expect(first).toMatch(/^-- 20260102000000_index@half was interrupted: finish it first/)
  expect(mendingScript({ ...found, interrupted: [] })[0]).toBe('\\set ON_ERROR_STOP on')
})
