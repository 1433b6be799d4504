import {
  accessSync,
  constants,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  realpathSync,
  statSync,
} from 'node:fs'
import { basename, dirname, join } from 'node:path'
import { AthenaError } from './errors.ts'

/** PostgreSQL's major version inside PGlite: a folder of another one cannot be opened. */
const majorVersion = '18'

/**
 * Makes the folders above it, and says why it cannot be used before anything in it is touched.
 * @returns the folder with all links resolved, so that two paths to one folder share one lock
 * @throws AthenaError embedded_folder_unusable, embedded_version
 */
export function usableFolder(folder: string): string {
  const unusable = (detail: string, hint: string): never => {
    throw new AthenaError({
      code: 'embedded_folder_unusable',
      message: 'the embedded database cannot be kept there',
      detail,
      hint,
    })
  }
  try {
    mkdirSync(dirname(folder), { recursive: true })
    const real = existsSync(folder) ? realpathSync(folder) : join(realpathSync(dirname(folder)), basename(folder))
    accessSync(dirname(real), constants.W_OK)
    if (!existsSync(real)) return real
    if (!statSync(real).isDirectory()) return unusable(`${real} is a file.`, 'Give another folder.')
    accessSync(real, constants.R_OK | constants.W_OK)
    return checkedCluster(real, unusable)
  } catch (cause) {
    if (cause instanceof AthenaError) throw cause
    return unusable(
      cause instanceof Error ? cause.message : folder,
      'Make the folder and the one above it writable for this user, or give a server by --database-url.',
    )
  }
}

function checkedCluster(folder: string, unusable: (detail: string, hint: string) => never): string {
  if (readdirSync(folder).length === 0 || existsSync(`${folder}.unfinished`)) return folder
  const versionFile = join(folder, 'PG_VERSION')
  if (!existsSync(versionFile)) {
    return unusable(`${folder} holds files that are not a database (PG_VERSION is missing).`, 'Give an empty folder.')
  }
  const version = readFileSync(versionFile, 'utf8').trim()
  if (version === majorVersion) return folder
  throw new AthenaError({
    code: 'embedded_version',
    message: 'the embedded database is of another version of PostgreSQL',
    detail: `${folder} was written by PostgreSQL ${version}; this one is ${majorVersion}.`,
    hint: 'Export it with the release of athena-pg that wrote it, or move the folder away to begin anew.',
  })
}
