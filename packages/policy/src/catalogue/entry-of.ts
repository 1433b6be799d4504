import type { PostgresVersion } from '../facts/server-facts.ts'
import type { Recommendation } from '../recommendation.ts'
import type { SettingValue } from '../settings/setting-rule.ts'
import type { CatalogueEntry } from './catalogue-entry.ts'
import { catalogue, extensionCatalogue } from './index.ts'
import { parseDefault } from './setting-values.ts'

/** undefined where neither this version nor an extension that we know has the setting. */
export function entryOf(version: PostgresVersion, name: string): CatalogueEntry | undefined {
  return catalogue[version][name] ?? extensionCatalogue[name]
}

/** PostgreSQL's default: bytes, milliseconds, number, boolean or text; undefined where it has no such setting. */
export function defaultOf(version: PostgresVersion, name: string): SettingValue | undefined {
  const entry = entryOf(version, name)
  return entry && parseDefault(entry)
}

/** What the server will have: the recommended value, else PostgreSQL's default. Bytes and milliseconds. */
export function amountOf({ facts, settings }: Recommendation, name: string): SettingValue | undefined {
  return settings.find((setting) => setting.name === name)?.amount ?? defaultOf(facts.postgres.version, name)
}
