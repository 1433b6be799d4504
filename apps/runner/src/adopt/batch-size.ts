import { AthenaError } from '@athena-pg/database'

/** @throws AthenaError malformed_option */
export function batchSize(given: string): number {
  const batch = Number(given)
  if (Number.isInteger(batch) && batch >= 1 && batch <= 100_000) return batch
  throw new AthenaError({
    code: 'malformed_option',
    message: `--batch ${given} is not a number of rows from 1 to 100000`,
    hint: 'For example --batch 1000',
    exit: 2,
  })
}
