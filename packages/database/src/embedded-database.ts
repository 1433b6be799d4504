import { existsSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import { resolve } from 'node:path'
import type { PGlite } from '@electric-sql/pglite'
import type { EmbeddedDatabase, EmbeddedOptions } from './embedded.ts'
import { usableFolder } from './embedded-folder.ts'
import { lockEmbedded } from './embedded-lock.ts'
import { AthenaError } from './errors.ts'

/** What `openEmbedded` loads when it is called. */
export async function embeddedDatabase(options: EmbeddedOptions): Promise<EmbeddedDatabase> {
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
async function startIn(folder: string, { template, creating }: EmbeddedOptions): Promise<PGlite> {
  const mark = `${folder}.unfinished`
  if (existsSync(mark)) rmSync(folder, { recursive: true, force: true })
  const fresh = !existsSync(folder) || readdirSync(folder).length === 0
  if (fresh) {
    creating?.()
    writeFileSync(mark, 'The embedded database beside this file is being created.\n')
  }
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
  let closing: Promise<void> | undefined

  async function end(): Promise<void> {
    const { endSessions } = await import('./embedded-session.ts')
    await endSessions(db)
    await db.close()
    release()
  }

  return {
    kind: 'embedded',
    location,
    async open(purpose) {
      const { openSession } = await import('./embedded-session.ts')
      return openSession(db, purpose)
    },
    dump: () => db.dumpDataDir('none'),
    close() {
      closing ??= end()
      return closing
    },
  }
}
