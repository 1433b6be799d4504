import type { CatalogueEntry } from '../../packages/policy/src/catalogue/catalogue-entry.ts'
import type { SettingRow } from './read-settings.ts'

type Entries = Record<string, CatalogueEntry>

/** Boot values that a build is configured with: Debian's differ from the bare build's. */
const ofTheBuild = ['krb_server_keyfile', 'unix_socket_directories']
/** Which release it is, and nothing that could be set. */
const ofTheRelease = ['server_version', 'server_version_num']

/**
 * Documented, and not read from a server: no rich build of PostgreSQL 14 to 16 runs in the tests. From the documentation of
 * wal_compression and default_toast_compression in those versions.
 */
const documented: Record<number, Record<string, string[]>> = {
  14: { default_toast_compression: ['lz4'] },
  15: { default_toast_compression: ['lz4'], wal_compression: ['lz4', 'zstd'] },
  16: { default_toast_compression: ['lz4'], wal_compression: ['lz4', 'zstd'] },
}

/**
 * The settings of one version.
 * @param rich the same version's rich build: only the enum values that it has more are taken from it
 */
export function entriesOf(version: number, bare: readonly SettingRow[], rich: readonly SettingRow[] = []): Entries {
  const more = documented[version] ?? {}
  for (const { name, enumvals } of rich) if (enumvals !== null) more[name] = enumvals
  const kept = bare.filter(({ name }) => !ofTheRelease.includes(name) && !name.includes('.'))
  return Object.fromEntries(kept.map((row) => [row.name, entryOf(row, more[row.name])]))
}

export function entryOf(row: SettingRow, richEnumvals: readonly string[] = []): CatalogueEntry {
  const values = row.enumvals ?? undefined
  const richValues = richEnumvals.filter((each) => !values?.includes(each))
  return {
    name: row.name,
    type: row.vartype as CatalogueEntry['type'],
    context: row.context as CatalogueEntry['context'],
    default: ofTheBuild.includes(row.name) ? null : row.boot_val,
    ...(row.unit !== null && { unit: row.unit as NonNullable<CatalogueEntry['unit']> }),
    ...(row.min_val !== null && { min: Number(row.min_val), max: Number(row.max_val) }),
    ...(values && { values }),
    ...(richValues.length > 0 && { richValues }),
    ...(row.list && { list: true }),
  }
}
