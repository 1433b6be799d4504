import { expect, test } from 'vitest'
import { ask } from '../../src/settings/ask.ts'
import type { SettingRule } from '../../src/settings/setting-rule.ts'
import { machine } from '../machine.ts'

const source = { kind: 'rule of thumb', text: 'made up' } as const
const rule = (name: string, value: SettingRule['value']): SettingRule => ({ name, value, reason: () => '', source })

test('a rule asks for another, wherever it stands', () => {
  const rules = [rule('work_mem', (_, get) => get.number('shared_buffers') / 2), rule('shared_buffers', () => 1024)]
  expect(ask(machine(), rules).get.number('work_mem')).toBe(512)
})

test('without a rule, or where the rule has no value, the default of that version answers, in bytes and milliseconds', () => {
  const { get } = ask(machine(), [rule('work_mem', () => undefined)])
  expect(get.number('work_mem')).toBe(4 * 1024 * 1024)
  expect(get.number('checkpoint_timeout')).toBe(300_000)
  expect(get.number('autovacuum_work_mem')).toBe(-1)
  expect(get.flag('jit')).toBe(true)
  expect(ask(machine({ version: 14 }), []).get.number('hash_mem_multiplier')).toBe(1)
  expect(ask(machine({ version: 15 }), []).get.number('hash_mem_multiplier')).toBe(2)
})

test('settings that ask for each other are reported by name, not by a stack that overflows', () => {
  const rules = [
    rule('work_mem', (_, get) => get.number('temp_buffers')),
    rule('temp_buffers', (_, get) => get.number('maintenance_work_mem')),
    rule('maintenance_work_mem', (_, get) => get.number('temp_buffers')),
  ]
  expect(() => ask(machine(), rules).get.number('work_mem')).toThrow(
    'settings ask for each other: temp_buffers → maintenance_work_mem → temp_buffers',
  )
})

test('a rule is evaluated once, however many ask', () => {
  let count = 0
  const rules = [
    rule('shared_buffers', () => ++count),
    rule('work_mem', (_, get) => get.number('shared_buffers') + get.number('shared_buffers')),
  ]
  ask(machine(), rules).get.number('work_mem')
  expect(count).toBe(1)
})
