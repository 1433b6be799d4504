import {
  accessSync,
  constants,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  realpathSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs'
import { dirname, join, resolve } from 'node:path'
import type { PGlite } from '@electric-sql/pglite'
import type { Database } from './connect.ts'
import { lockEmbedded } from './embedded-lock.ts'
import { AthenaError } from './errors.ts'

export interface EmbeddedOptions {
  /** Where it lives; without one it lives in memory and ends with `close`. */
  folder?: string | undefined
  /** A dump to start from (1 s) instead of a new cluster (5 s): one `dump()` serves a whole test run. */
  template?: Blob | undefined
}

export interface EmbeddedDatabase extends Database {
  /** The whole cluster as a tar file. */
  dump(): Promise<Blob>
}

/** PostgreSQL's major version inside PGlite: a folder of another one cannot be opened. */
const majorVersion = '18'

/**
 * PGlite with pgvector, in this process.
 * @throws AthenaError embedded_in_use, embedded_folder_unusable, embedded_version, embedded_unreadable
 */
export async function openEmbedded(options: EmbeddedOptions = {}): Promise<EmbeddedDatabase> {
  if (options.folder === undefined) return database(await start(options), 'memory', () => {})
  const folder = usableFolder(resolve(options.folder))
  const lock = lockEmbedded(folder)
  try {
    return database(await startIn(folder, options), folder, () => lock.release())
  } catch (error) {
    lock.release()
    throw error
  }
}

async function start(options: { dataDir?: string; template?: Blob | undefined }): Promise<PGlite> {
  const [{ PGlite }, { vector }] = await Promise.all([
    import('@electric-sql/pglite'),
    import('@electric-sql/pglite-pgvector'),
  ])
  return PGlite.create({
    extensions: { vector },
    relaxedDurability: false,
    ...(options.dataDir !== undefined && { dataDir: options.dataDir }),
    ...(options.template && { loadDataDir: options.template }),
  })
}

/**
 * A new cluster takes seconds to write, and a process killed meanwhile leaves half of one that can be neither opened nor told
 * from a whole one. So a mark stands beside the folder until the first opening succeeded; nothing of the user's is lost with it.
 */
async function startIn(folder: string, { template }: EmbeddedOptions): Promise<PGlite> {
  const mark = `${folder}.unfinished`
  if (existsSync(mark)) rmSync(folder, { recursive: true, force: true })
  const fresh = !existsSync(folder) || readdirSync(folder).length === 0
  if (fresh) writeFileSync(mark, 'The embedded database beside this file is being created.\n')
  try {
    const db = await start({ dataDir: folder, template: fresh ? template : undefined })
    rmSync(mark, { force: true })
    return db
  } catch (cause) {
    throw new AthenaError({
      code: 'embedded_unreadable',
      message: 'the embedded database cannot be opened',
      detail: `${folder}: ${cause instanceof Error ? cause.message : String(cause)}`,
      hint: `Its files are damaged, or something else changed them. Restore a copy of the folder, or move it away to begin anew: mv ${folder} ${folder}.damaged`,
      cause,
    })
  }
}

function database(db: PGlite, location: string, release: () => void): EmbeddedDatabase {
  return {
    kind: 'embedded',
    location,
    async open(purpose) {
      const [{ default: driver }, { createPgConfig }] = await Promise.all([
        import('pg'),
        import('@electric-sql/pglite/node-postgres'),
      ])
      const client = new driver.Client(createPgConfig(db))
      await client.connect()
      // PGlite takes no startup parameters.
      await client.query("SELECT set_config('application_name', $1, false)", [`athena ${purpose}`])
      return client
    },
    dump: () => db.dumpDataDir('none'),
    async close() {
      if (db.closed) return
      await db.close()
      release()
    },
  }
}

/** The folder with all links resolved, so that two paths to one folder share one lock. */
function usableFolder(folder: string): string {
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
    const real = existsSync(folder)
      ? realpathSync(folder)
      : join(realpathSync(dirname(folder)), folder.slice(dirname(folder).length + 1))
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
