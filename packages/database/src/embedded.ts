import type { Database } from './connect.ts'

export interface EmbeddedOptions {
  /** Where it lives; without one it lives in memory and ends with `close`. */
  folder?: string | undefined
  /** A dump to start from (1 s) instead of a new cluster (5 s): one `dump()` serves a whole test run. */
  template?: Blob | undefined
  /** Called before a new cluster is written to the folder. */
  creating?: (() => void) | undefined
}

export interface EmbeddedDatabase extends Database {
  /** The whole cluster as a tar file. */
  dump(): Promise<Blob>
}

/**
 * PGlite with pgvector, in this process. Loaded only here: most programs have a server.
 * @throws AthenaError embedded_in_use, embedded_folder_unusable, embedded_version, embedded_unreadable
 */
export async function openEmbedded(options: EmbeddedOptions = {}): Promise<EmbeddedDatabase> {
  const { embeddedDatabase } = await import('./embedded-database.ts')
  return embeddedDatabase(options)
}
