/** A row of pg_settings: what the server made of a value. */
export interface EffectiveSetting {
  readonly name: string
  /** reset_val: a plain number of `unit`s, or text. */
  readonly value: string
  readonly unit: string | null
  readonly type: string
}

const bytes: Record<string, number> = { B: 1, kB: 2 ** 10, MB: 2 ** 20, GB: 2 ** 30, TB: 2 ** 40 }
const milliseconds: Record<string, number> = { us: 0.001, ms: 1, s: 1000, min: 60_000, h: 3_600_000, d: 86_400_000 }

/** Whether a server that shows `actual` took the text `wanted` of a file as it was meant. */
export function isSameValue(wanted: string, actual: EffectiveSetting): boolean {
  switch (actual.type) {
    case 'bool':
      return truthOf(wanted) === (actual.value === 'on')
    case 'enum':
      // Some accept words for on beside their own, wal_compression = on is shown as pglz; and nothing but off means off.
      return wanted.toLowerCase() === actual.value.toLowerCase() || (truthOf(wanted) === true && actual.value !== 'off')
    case 'integer':
    case 'real':
      return isSameNumber(wanted, actual)
    default:
      return plain(wanted) === plain(actual.value)
  }
}

/** The value in bytes, milliseconds, as number, truth or text. -1 and 0 stay what they are: special values. */
export function amountOf({ value, unit, type }: EffectiveSetting): number | string | boolean {
  if (type === 'bool') return value === 'on'
  if (type !== 'integer' && type !== 'real') return value
  const number = Number(value)
  return number <= 0 ? number : number * sizeOf(unit)
}

function isSameNumber(wanted: string, { value, unit, type }: EffectiveSetting): boolean {
  const [, digits = '', suffix = ''] =
    /^\s*([-+]?(?:0x[\da-f]+|[\d.]+(?:e[-+]?\d+)?))\s*([A-Za-z]*)\s*$/i.exec(wanted) ?? []
  const isOctal = type === 'integer' && suffix === '' && /^0[0-7]+$/.test(digits)
  const number = isOctal ? Number.parseInt(digits, 8) : Number(digits)
  const scale = suffix === '' ? 1 : (bytes[suffix] ?? milliseconds[suffix] ?? Number.NaN) / sizeOf(unit)
  const meant = number * scale
  const difference = Math.abs(meant - Number(value))
  // A fraction of a unit is rounded by the server; whole ones are exact.
  if (type === 'integer') return Number.isInteger(meant) ? difference === 0 : difference < 1
  return difference <= 1e-9 * Math.abs(meant)
}

/** `8kB` of shared_buffers is 8192 bytes, `min` 60000 milliseconds. */
function sizeOf(unit: string | null): number {
  const [, count, name = ''] = /^(\d*)([A-Za-z]+)$/.exec(unit ?? '') ?? []
  return (Number(count) || 1) * (bytes[name] ?? milliseconds[name] ?? 1)
}

// Any unambiguous beginning of a word will do, as for the server.
function truthOf(text: string): boolean | undefined {
  const word = text.toLowerCase()
  if (word === '1' || word === 'on' || /^(t|tr|tru|true|y|ye|yes)$/.test(word)) return true
  if (word === '0' || /^(of|off|f|fa|fal|fals|false|n|no)$/.test(word)) return false
  return undefined
}

// Lists are shown as they were written, some texts (DateStyle, TimeZone) in canonical case.
function plain(text: string): string {
  return text.toLowerCase().replace(/\s*,\s*/g, ',')
}
