import { AthenaError } from '@athena-pg/database'

/** @throws AthenaError `malformed_option` */
export function stepsOf(value: string | undefined): number | undefined {
  if (value === undefined) return undefined
  if (/^[1-9]\d{0,5}$/.test(value)) return Number(value)
  throw new AthenaError({
    code: 'malformed_option',
    message: `--steps ${value} is not a number of migrations`,
    hint: 'For example --steps 2',
    exit: 2,
  })
}
