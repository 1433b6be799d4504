import type { Capabilities, PostgresVersion } from '../server-facts.ts'

/** A named build of PostgreSQL. */
export interface Build {
  readonly name: string
  /** One line for help. */
  readonly summary: string
  capabilities(version: PostgresVersion): Capabilities
  readonly source: string
}

/** Accepted by every build there is: what nobody told is taken to be this one. */
export const unknownBuild: Build = {
  name: 'unknown',
  summary: 'what every build accepts',
  capabilities: () => ({
    walCompression: ['pglz'],
    toastCompression: ['pglz'],
    ioMethod: ['sync', 'worker'],
    libraries: [],
  }),
  source: 'pg_settings.enumvals of builds without lz4, zstd and liburing',
}

export const builds: readonly Build[] = [unknownBuild]
