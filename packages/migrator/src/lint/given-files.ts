import { readFileSync, realpathSync } from 'node:fs'
import { resolve } from 'node:path'
import { AthenaError } from '@athena-pg/database'
import type { MigrationPackage } from '../discover.ts'
import { type FunctionFile, type MigrationFile, shown } from '../package-files.ts'
import { checksum, normalize } from '../source.ts'

/** Behind every stamp that a file may have. */
const last = '99999999999999'

/**
 * Files named one by one. One that belongs to no package is taken for a migration that comes after all.
 * @param folder that relative paths start from
 * @returns the packages, with what belongs to none in a package of its own, and the files
 * @throws AthenaError `file_unreadable`
 */
export function givenFiles(
  packages: readonly MigrationPackage[],
  paths: readonly string[],
  folder: string,
): { packages: MigrationPackage[]; files: Set<MigrationFile | FunctionFile> } {
  const known = new Map<string, MigrationFile | FunctionFile>(
    packages.flatMap(({ migrations, functions }) =>
      [...migrations, ...functions].map((file) => [resolve(file.path), file] as const),
    ),
  )
  const files = new Set<MigrationFile | FunctionFile>()
  const strangers: MigrationFile[] = []
  for (const path of paths) {
    const { absolute, text } = read(resolve(folder, path))
    const own = known.get(absolute) ?? known.get(resolve(folder, path))
    const file = own ?? stranger(absolute, text)
    if (own === undefined) strangers.push(file as MigrationFile)
    known.set(absolute, file)
    files.add(file)
  }
  return { packages: strangers.length === 0 ? [...packages] : [...packages, packageOf(strangers)], files }
}

function read(path: string): { absolute: string; text: string } {
  try {
    return { absolute: realpathSync(path), text: normalize(readFileSync(path, 'utf8')) }
  } catch (cause) {
    throw new AthenaError({
      code: 'file_unreadable',
      message: `${shown(path)} cannot be read`,
      detail: (cause as Error).message,
      hint: 'Name files; without any, those of the project are linted.',
      exit: 2,
      cause,
    })
  }
}

function stranger(path: string, text: string): MigrationFile {
  const name = path.slice(path.lastIndexOf('/') + 1).replace(/\.sql$/, '')
  return { name, path: shown(path), text, checksum: checksum(text), package: '', stamp: last, id: name }
}

function packageOf(migrations: MigrationFile[]): MigrationPackage {
  const base = { name: '', version: '', folder: '', dependencies: [], requires: {}, variables: {}, functions: [] }
  return { ...base, migrations }
}
