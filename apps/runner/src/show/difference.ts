import type { Difference } from '@athena-pg/migrator/verify'

/** Its shape is `differenceShape`. */
export function differenceAsJson({ state, object, expected, actual }: Difference): object {
  return { state, object, expected: expected?.definition ?? null, actual: actual?.definition ?? null }
}
