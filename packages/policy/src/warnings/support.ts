import type { PostgresVersion } from '../facts/server-facts.ts'
import type { Warn } from './warn.ts'

/** Day of the last minor release. Source: PostgreSQL versioning policy. */
const lastRelease: Readonly<Record<PostgresVersion, string>> = {
  14: '2026-11-12',
  15: '2027-11-11',
  16: '2028-11-09',
  17: '2029-11-08',
  18: '2030-11-14',
}
/** Since version 14 ended before this policy was written, and 15 is next. */
const ended: readonly PostgresVersion[] = [14]
const endsNext: readonly PostgresVersion[] = [15]
/** Of the store's migrations. */
const leastForTheStore = 16

export const warnOfSupport: Warn = ({ facts }) => {
  const { version } = facts.postgres
  const store =
    version < leastForTheStore && facts.workload.kind === 'agent-memory'
      ? ` The store's migrations need PostgreSQL ${leastForTheStore}.`
      : ''
  const hint = `Update to PostgreSQL 17 or 18.${store}`
  if (ended.includes(version)) {
    const message = `PostgreSQL ${version} reached its end of life on ${lastRelease[version]}: no more security fixes`
    return [{ code: 'postgres_end_of_life', message, hint }]
  }
  if (endsNext.includes(version)) {
    return [
      {
        code: 'postgres_end_of_life_near',
        message: `PostgreSQL ${version} gets its last fixes on ${lastRelease[version]}`,
        hint,
      },
    ]
  }
  return []
}
