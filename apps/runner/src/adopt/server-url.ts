import { AthenaError } from '@athena-pg/database'

export function isServerUrl(given: string): boolean {
  return /^postgres(ql)?:\/\//.test(given)
}

/**
 * A URL with a mistyped scheme has a password in it all the same, so nothing of it is repeated.
 * @throws AthenaError malformed_flag
 */
export function refuseOtherUrl(flag: string, given: string, wanted: string): void {
  if (isServerUrl(given) || !/:\/\/|:.*@/.test(given)) return
  throw new AthenaError({
    code: 'malformed_flag',
    message: `${flag} is not ${wanted}`,
    hint: 'A URL begins with postgres:// or postgresql://, in lower case: postgres://athena@db.example.com/app',
    exit: 2,
  })
}
