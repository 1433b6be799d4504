import { existsSync, mkdirSync, readdirSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { dirname, join } from 'node:path'
import { AthenaError } from '@athena-pg/database'

/** @throws AthenaError folder_exists where something is in the way; an empty folder is not */
export function refuseExistingFolder(folder: string): void {
  if (!existsSync(folder)) return
  const isFolder = statSync(folder).isDirectory()
  if (isFolder && readdirSync(folder).length === 0) return
  throw new AthenaError({
    code: 'folder_exists',
    message: isFolder ? 'the folder of the new package is not empty' : 'a file is where the new package would go',
    detail: folder,
    hint: 'Choose another: --folder DIR. Nothing was written.',
  })
}

/**
 * Two packages of one name would be one package to `athena`.
 * @param from folders from which packages are resolved
 * @throws AthenaError name_taken
 */
export function refuseTakenName(name: string, from: readonly string[]): void {
  const folders = from.flatMap((folder) => createRequire(join(folder, 'package.json')).resolve.paths(name) ?? [])
  const taken = folders.find((folder) => existsSync(join(folder, name, 'package.json')))
  if (taken === undefined) return
  throw new AthenaError({
    code: 'name_taken',
    message: `a package called ${name} is installed already`,
    detail: join(taken, name),
    hint: 'Give the new one another name. Nothing was written.',
    exit: 2,
  })
}

/**
 * All or nothing.
 * @param files by absolute path; none is overwritten
 * @throws AthenaError package_unwritable
 */
export function writePackage(files: ReadonlyMap<string, string>): void {
  const made: string[] = []
  try {
    for (const [path, text] of files) {
      const first = mkdirSync(dirname(path), { recursive: true })
      if (first !== undefined) made.unshift(first)
      writeFileSync(path, text, { flag: 'wx' })
      made.unshift(path)
    }
  } catch (cause) {
    for (const path of made) rmSync(path, { recursive: true, force: true })
    throw new AthenaError({
      code: 'package_unwritable',
      message: 'the package cannot be written',
      detail: (cause as Error).message,
      hint: 'Choose another folder: --folder DIR. What had been written was removed again.',
      cause,
    })
  }
}
