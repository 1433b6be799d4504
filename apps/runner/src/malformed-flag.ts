import { AthenaError } from '@athena-pg/database'

export function malformedFlag(message: string, hint: string): AthenaError {
  return new AthenaError({ code: 'malformed_flag', message, hint, exit: 2 })
}

/** @throws AthenaError `malformed_flag` */
export function wholeNumber(flag: string, given: string, most: number, example: number): number {
  if (/^[1-9]\d{0,8}$/.test(given) && Number(given) <= most) return Number(given)
  throw malformedFlag(`--${flag} ${given} is not a whole number from 1 to ${most}`, `For example --${flag} ${example}`)
}
