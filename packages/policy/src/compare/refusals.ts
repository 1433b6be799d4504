import type { CatalogueEntry } from '../catalogue/catalogue-entry.ts'
import { entryOf } from '../catalogue/entry-of.ts'
import { unitOf, valueText } from '../catalogue/setting-values.ts'
import type { Capabilities, ServerFacts } from '../facts/server-facts.ts'
import type { ToolSetting } from './tool.ts'

/** A line with which this build of PostgreSQL does not start. */
export interface Refusal {
  readonly name: string
  readonly value: string
  readonly reason: string
}

/** What the server would refuse of these: names it does not have, words its build does not know, numbers out of bounds. */
export function refusals({ postgres }: ServerFacts, settings: readonly ToolSetting[]): readonly Refusal[] {
  const { version, capabilities } = postgres
  return settings.flatMap((setting) => {
    const entry = entryOf(version, setting.name)
    const reason =
      entry === undefined
        ? `PostgreSQL ${version} has no such setting`
        : (unknownWord(entry, setting, capabilities) ?? outOfBounds(entry, setting))
    if (reason === undefined) return []
    return [{ name: setting.name, value: entry ? valueText(entry, setting.amount) : String(setting.amount), reason }]
  })
}

const builtIn: Readonly<Record<string, keyof Capabilities>> = {
  wal_compression: 'walCompression',
  default_toast_compression: 'toastCompression',
  io_method: 'ioMethod',
}

function unknownWord(entry: CatalogueEntry, { amount }: ToolSetting, capabilities: Capabilities): string | undefined {
  if (entry.type !== 'enum' || typeof amount !== 'string') return undefined
  const capability = builtIn[entry.name]
  const words = entry.values ?? []
  const accepted = capability
    ? [...capabilities[capability], ...words.filter((word) => word === 'on' || word === 'off')]
    : words
  if (accepted.includes(amount)) return undefined
  return `this build accepts ${accepted.join(', ')}`
}

function outOfBounds(entry: CatalogueEntry, { amount }: ToolSetting): string | undefined {
  if (typeof amount !== 'number') return undefined
  const unit = amount > 0 ? unitOf(entry) : 1
  const { min = -Infinity, max = Infinity } = entry
  if (amount / unit >= min && amount / unit <= max) return undefined
  const text = (bound: number): string => valueText(entry, bound > 0 ? bound * unitOf(entry) : bound)
  return `must be between ${text(min)} and ${text(max)}`
}
