import { catalogue, extensionCatalogue } from '@athena-pg/policy'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { entriesOf, entryOf } from '../../../../scripts/catalogue/entries.ts'
import { contrib, extensionEntriesOf } from '../../../../scripts/catalogue/extension-entries.ts'
import { readSettings, type SettingRow } from '../../../../scripts/catalogue/read-settings.ts'
import { hasDocker } from '../../../../test/docker.ts'
import { bareBinaries, removeScratchFolders } from '../../../../test/postgres-binaries.ts'
import { type RichBinaries, startRichBinaries } from '../../../../test/rich-binaries.ts'

afterAll(removeScratchFolders)

// Where one of these fails after a newer build was pinned: `pnpm catalogue`.
const bare = bareBinaries()
const bareRows = new Map<number, SettingRow[]>()
beforeAll(async () => {
  for (const binary of bare) bareRows.set(binary.version, await readSettings(binary, contrib))
})

describe.each(bare)('$name', ({ version }) => {
  test('has the settings that the catalogue says, each with its type, unit, range, values, default and context', () => {
    const withoutRich = Object.values(catalogue[version]).map(({ richValues, ...entry }) => [entry.name, entry])
    const read = Object.values(entriesOf(version, bareRows.get(version) ?? []))
    expect(Object.fromEntries(withoutRich)).toEqual(
      Object.fromEntries(read.map(({ richValues, ...entry }) => [entry.name, entry])),
    )
  })
})

describe.runIf(hasDocker())("Debian's builds", () => {
  let rich: RichBinaries
  const richRows = new Map<number, SettingRow[]>()
  beforeAll(async () => {
    rich = startRichBinaries()
    for (const binary of rich.binaries) richRows.set(binary.version, await readSettings(binary, ['vector', ...contrib]))
  })
  afterAll(() => rich?.stop())

  test.each([17, 18] as const)(
    'of PostgreSQL %i differ in the values that they accept more, and in nothing else',
    (version) => {
      const read = new Map(richRows.get(version)?.map((row) => [row.name, row]))
      const known = Object.values(catalogue[version]).map(({ richValues, values, ...entry }) =>
        values === undefined ? entry : { ...entry, values: [...values, ...(richValues ?? [])].sort() },
      )
      const found = known.map(({ name }) => {
        const row = read.get(name)
        if (row === undefined) return `${name} is not there`
        const { values, ...entry } = entryOf(row)
        return values === undefined ? entry : { ...entry, values: values.toSorted() }
      })
      expect(known).toEqual(found)
    },
  )

  test('and the bare ones have the settings of libraries that the catalogue says', () => {
    const servers = [...bareRows, ...richRows].map(([version, rows]) => ({ version, rows }))
    servers.sort((a, b) => a.version - b.version)
    expect(extensionCatalogue).toEqual(extensionEntriesOf(servers))
  })
})

test('values of richer builds are none that the bare build has', () => {
  for (const entries of Object.values(catalogue))
    for (const { values, richValues = [] } of Object.values(entries))
      expect(richValues.filter((each) => values?.includes(each))).toEqual([])
})

test('what every object has is no setting', () => {
  expect(catalogue[18].constructor).toBeUndefined()
  expect(extensionCatalogue.toString).toBeUndefined()
})
