import { PolicyError } from '../policy-error.ts'
import { sizeText } from '../text/size-text.ts'
import { GB, kB, MB, TB } from '../units.ts'

/** Binary multiples whatever the spelling, as PostgreSQL means them: 1 GB = 1 GiB = 1024 MB. */
const units: Readonly<Record<string, number>> = { '': 1, k: kB, m: MB, g: GB, t: TB, p: 1024 * TB }
const most: number = 1024 * TB

/**
 * `16GB`, `16 GiB`, `16gb`, `16Gi`, `16000MB`, `1.5 TB` in bytes.
 * @throws PolicyError `malformed_size`, the reason in its message
 */
export function parseSize(given: string): number {
  const [, sign = '', number = '', unit] = /^\s*([-+]?)(\d+(?:\.\d+)?|\.\d+)\s*([a-z]*)\s*$/i.exec(given) ?? []
  const prefix = /^([kmgtp]?)i?b?$/i.exec(unit ?? '-')?.[1]?.toLowerCase()
  if (prefix === undefined) throw malformed(given, 'is not a size', 'Write a number and a unit: 16GB, 512MB, 1.5TB.')
  if (sign === '-') throw malformed(given, 'is negative')
  if (unit === '') {
    throw malformed(
      given,
      'has no unit',
      `PostgreSQL itself would take a bare number as pages of 8 kB, or as kB, or as MB, by the setting. Write ${number}GB or ${number}MB.`,
    )
  }
  const bytes = Math.floor(Number(number) * (units[prefix] as number))
  if (bytes < 1) throw malformed(given, 'is nothing')
  if (bytes > most) throw malformed(given, `is more than ${sizeText(most)}`)
  return bytes
}

function malformed(given: string, what: string, hint = 'For example 16GB.'): PolicyError {
  return new PolicyError({ code: 'malformed_size', message: `"${given}" ${what}`, hint })
}
