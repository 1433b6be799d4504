import { PolicyError } from '../policy-error.ts'

/** Decimal, unlike those of sizes: a million rows are 1,000,000. */
const multiples: Readonly<Record<string, number>> = { '': 1, k: 1e3, m: 1e6, g: 1e9 }

/**
 * `250000`, `250k`, `1.5M`, `2G`, `1e6` as a whole number, zero or more.
 * @throws PolicyError `malformed_count`
 */
export function parseCount(given: string): number {
  const [, number, suffix] = /^\s*(\d{1,15}(?:\.\d+)?(?:e\d{1,2})?)\s*([kmg]?)\s*$/i.exec(given) ?? []
  const count = Number(number) * (multiples[suffix?.toLowerCase() ?? ''] as number)
  // 1.1 x 1e6 and the like are off by a fraction of 1e-10 in binary.
  const whole = Math.round(count)
  if (Number.isSafeInteger(whole) && Math.abs(whole - count) <= 1e-9 * whole) return whole
  throw new PolicyError({
    code: 'malformed_count',
    message: `"${given}" is not a whole number`,
    hint: 'For example 250000, 250k, 1.5M or 1e6.',
  })
}
