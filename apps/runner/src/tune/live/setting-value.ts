import { type SettingValue, splitList } from '@athena-pg/policy'
import type { LiveSetting } from './live-setting.ts'
import { isList } from './setting-list.ts'

const bytesIn: Readonly<Record<string, number>> = { B: 1, kB: 1024, MB: 1024 ** 2, GB: 1024 ** 3, TB: 1024 ** 4 }
const millisecondsIn: Readonly<Record<string, number>> = {
  us: 0.001,
  ms: 1,
  s: 1000,
  min: 60_000,
  h: 3_600_000,
  d: 86_400_000,
}

type Typed = Pick<LiveSetting, 'type' | 'unit'>

/** What a text means as a value of this setting, in bytes, milliseconds, as number, boolean or text; 0 and less stay what they are: special values. */
export function meaningOf({ type, unit }: Typed, text: string): SettingValue {
  const plain = text.trim()
  if (type === 'bool') return asFlag(plain) ?? plain
  if (type === 'enum') return asFlag(plain) ?? plain.toLowerCase()
  if (type === 'string') return text
  const [, digits = '', suffix = ''] = /^([-+]?[\d.]+(?:e[-+]?\d+)?|0x[\da-f]+)\s*([a-z]*)$/i.exec(plain) ?? []
  if (digits === '') return plain
  const number = Number(digits)
  const own = unitSize(unit)
  if (number <= 0) return number
  const amount = number * (suffix === '' ? own : (bytesIn[suffix] ?? millisecondsIn[suffix] ?? Number.NaN))
  // The server keeps whole units.
  return type === 'integer' ? Math.round(amount / own) * own : amount
}

/** Whether the server would not tell them apart: `1GB` and `1024MB`, `on` and `true`. */
export function isSame(setting: Pick<LiveSetting, 'name' | 'type' | 'unit'>, one: string, other: string): boolean {
  if (isList(setting.name)) return JSON.stringify(splitList(one)) === JSON.stringify(splitList(other))
  const [left, right] = [meaningOf(setting, one), meaningOf(setting, other)].map((value) =>
    setting.name === 'wal_compression' && value === true ? 'pglz' : value,
  )
  if (typeof left === 'number' && typeof right === 'number') {
    return Math.abs(left - right) <= Number.EPSILON * 8 * Math.max(Math.abs(left), Math.abs(right))
  }
  return left === right
}

/** For people: `16384` of `8kB` → `128MB`. */
export function shown({ type, unit }: Typed, setting: string): string {
  const value = meaningOf({ type, unit }, setting)
  if (unit === null || typeof value !== 'number' || value <= 0) return setting === '' ? "''" : setting
  const units = Object.entries(/B$/.test(unit) ? bytesIn : millisecondsIn)
  const [name, size] = units.findLast(([, each]) => each <= value && Number.isInteger(value / each)) ?? ['', 1]
  return `${value / size}${name}`
}

/** Bytes or milliseconds in a unit as pg_settings has it: `8kB`, `min`. */
function unitSize(unit: string | null): number {
  if (unit === null) return 1
  const [, count, name = ''] = /^(\d*)(\w+)$/.exec(unit) ?? []
  return Number(count || 1) * (bytesIn[name] ?? millisecondsIn[name] ?? 1)
}

function asFlag(text: string): boolean | undefined {
  if (/^(on|t(r(ue?)?)?|y(es?)?|1)$/i.test(text)) return true
  return /^(off?|f(a(l(se?)?)?)?|no?|0)$/i.test(text) ? false : undefined
}
