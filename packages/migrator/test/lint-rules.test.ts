import { readdirSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { applyEdits, loadRules } from '../src/lint/index.ts'
import { lintText, rulesFoundIn, wholeMigration } from './linting.ts'

const rules = await loadRules()
const folder = join(import.meta.dirname, '../src/lint/rules')

test('each file of the folder is a rule, named as its id', () => {
  expect(rules.map(({ id }) => `${id.replaceAll('_', '-')}.ts`)).toEqual(readdirSync(folder).sort())
})

describe.each(rules.map((rule) => [rule.id, rule] as const))('%s', (id, rule) => {
  test('says what, why and where in sentences', () => {
    expect(id).toMatch(/^[a-z]+(_[a-z]+)+$/)
    for (const text of [rule.reason, rule.help]) expect(text).toMatch(/^[A-Za-z].*\.$/)
    expect(rule.source).toMatch(/^https:\/\//)
    expect(rule.err.length).toBeGreaterThan(0)
  })

  test.each(rule.err)('finds nothing else in: %s', async (text) => {
    expect(await rulesFoundIn(text)).toEqual([id])
  })

  test.each(rule.ok)('is silent on: %s', async (text) => {
    expect(await rulesFoundIn(text)).not.toContain(id)
  })

  test.each(rule.err)('and what it proposes mends: %s', async (text) => {
    for (const { fix } of await lintText(text)) {
      if (fix === undefined) continue
      const mended = applyEdits(wholeMigration(text), fix)
      const left = await lintText(mended)
      expect(left.map(({ rule: each }) => each)).not.toContain('invalid_sql')
      expect(left.filter(({ rule: each }) => each === id).length).toBeLessThan((await lintText(text)).length)
      if ((await lintText(text)).length === 1) expect(left.map(({ rule: each }) => each)).not.toContain(id)
    }
  })
})
