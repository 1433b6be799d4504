import { catalogue, type Get, type PostgresVersion } from '@athena-pg/policy'
import type { LiveSettings } from './live-setting.ts'
import { serverValue } from './server-value.ts'
import { meaningOf } from './setting-value.ts'

/** Answers with what the server uses now; where this role may not see a setting, with PostgreSQL's default. */
export function liveGet(live: LiveSettings, version: PostgresVersion): Get {
  return {
    number: (name) => Number(answer(live, version, name)),
    text: (name) => {
      const value = answer(live, version, name)
      return typeof value === 'boolean' ? (value ? 'on' : 'off') : String(value)
    },
    flag: (name) => answer(live, version, name) === true,
  }
}

function answer(live: LiveSettings, version: PostgresVersion, name: string): number | string | boolean {
  const found = serverValue(live, name)
  if (found !== undefined) return meaningOf(found.setting, found.value)
  const entry = catalogue[version][name]
  // A setting of a later version: it does nothing here.
  if (entry === undefined) return 0
  return meaningOf({ type: entry.type, unit: entry.unit ?? null }, entry.default ?? '')
}
