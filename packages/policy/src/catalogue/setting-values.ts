import type { SettingValue } from '../settings/setting-rule.ts'
import { day, GB, hour, kB, MB, minute, second, TB } from '../units.ts'
import type { CatalogueEntry } from './catalogue-entry.ts'

const bytesIn = { B: 1, kB, '8kB': 8 * kB, MB } as const
const millisecondsIn = { ms: 1, s: second, min: minute } as const

/** Bytes or milliseconds in one unit of a setting; 1 where it has none. */
export function unitOf({ unit }: CatalogueEntry): number {
  if (unit === undefined) return 1
  return unit in bytesIn ? bytesIn[unit as keyof typeof bytesIn] : millisecondsIn[unit as keyof typeof millisecondsIn]
}

/** A default as pg_settings has it, `16384` of `8kB`, as bytes, milliseconds, number, boolean or text. -1 and 0 stay what they are: special values. */
export function parseDefault(entry: CatalogueEntry): SettingValue {
  const text = entry.default ?? ''
  if (entry.type === 'bool') return text === 'on'
  if (entry.type !== 'integer' && entry.type !== 'real') return text
  const number = Number(text)
  return number <= 0 ? number : number * unitOf(entry)
}

/** The default as `valueText` has it; null where it depends on the machine. */
export function defaultText(entry: CatalogueEntry): string | null {
  return entry.default === null ? null : valueText(entry, parseDefault(entry))
}

/** A value as postgresql.conf has it, in the largest unit that divides it: `4GB`, `15min`, `on`, `1.1`. */
export function valueText(entry: Pick<CatalogueEntry, 'unit'>, value: SettingValue): string {
  if (typeof value === 'boolean') return value ? 'on' : 'off'
  if (typeof value === 'string') return value
  if (entry.unit === undefined || value <= 0) return String(value)
  const units = entry.unit in bytesIn ? memoryUnits : timeUnits
  const [name, size] = units.find(([, each]) => value % each === 0) ?? (units.at(-1) as [string, number])
  return `${value / size}${name}`
}

const memoryUnits: readonly [string, number][] = [
  ['TB', TB],
  ['GB', GB],
  ['MB', MB],
  ['kB', kB],
  ['B', 1],
]
const timeUnits: readonly [string, number][] = [
  ['d', day],
  ['h', hour],
  ['min', minute],
  ['s', second],
  ['ms', 1],
]
