import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { AthenaError } from '@athena-pg/database'
import type { MigrationPackage } from '../discover.ts'
import type { Ledger } from '../ledger.ts'
import { isRecord } from '../manifest.ts'
import { shown } from '../package-files.ts'
import { changedFiles } from '../planning/changed.ts'

/** A migration that is not what was released or applied. */
export interface ReleasedChange {
  /** `package/file` */
  migration: string
  /** undefined: the file is gone. */
  checksum?: string
  released: string
  /** Who says so: `released.json` of the package, or the ledger of a database. */
  by: 'released.json' | 'ledger'
}

/** Beside the migrations of a package, written when a version is made: `{ "<file without .sql>": "<checksum>" }`. */
export const releasedFile = 'released.json'

/**
 * Compares with what each package says it released, and with what a database has applied, where its ledger is given. A package
 * without the list has released nothing.
 * @throws AthenaError `malformed_released`
 */
export function releasedChanges(packages: readonly MigrationPackage[], ledger?: Ledger): ReleasedChange[] {
  const listed = packages.flatMap((pack) =>
    Object.entries(releasedOf(pack)).flatMap(([name, released]): ReleasedChange[] => {
      const checksum = pack.migrations.find((file) => file.name === name)?.checksum
      return checksum === released ? [] : [changeOf(`${pack.name}/${name}`, checksum, released, 'released.json')]
    }),
  )
  const applied = ledger === undefined ? [] : changedFiles(packages, ledger)
  return [
    ...listed,
    ...applied.map((file) => changeOf(`${file.package}/${file.file}`, file.checksum, file.appliedChecksum, 'ledger')),
  ]
}

function changeOf(
  migration: string,
  checksum: string | undefined,
  released: string,
  by: ReleasedChange['by'],
): ReleasedChange {
  return { migration, ...(checksum !== undefined && { checksum }), released, by }
}

export function releasedOf({ folder, migrationsFolder }: MigrationPackage): Record<string, string> {
  const file = join(folder, migrationsFolder ?? '', releasedFile)
  if (migrationsFolder === undefined || !existsSync(file)) return {}
  try {
    const json: unknown = JSON.parse(readFileSync(file, 'utf8'))
    if (isRecord(json) && Object.values(json).every((value) => typeof value === 'string'))
      return json as Record<string, string>
    throw new Error('it must be an object of checksums by file name')
  } catch (cause) {
    throw new AthenaError({
      code: 'malformed_released',
      message: `${shown(file)} cannot be read`,
      detail: (cause as Error).message,
      hint: 'Take it back from version control: it is written when a version is made.',
      cause,
    })
  }
}
