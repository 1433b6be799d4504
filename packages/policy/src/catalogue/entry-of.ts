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

/** What the server will have: the recommended value, else PostgreSQL's default. Bytes and milliseconds. */
export function amountOf({ facts, settings }: Recommendation, name: string): SettingValue | undefined {
  const setting = settings.find((each) => each.name === name)
  if (setting !== undefined) return setting.amount
  const entry = entryOf(facts.postgres.version, name)
  return entry && parseDefault(entry)
}
