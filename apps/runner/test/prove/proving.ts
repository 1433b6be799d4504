import { bareBinaries } from '../../../../test/postgres-binaries.ts'
import { images } from '../../../../test/rich-binaries.ts'
import { type OpenBinary, openBinary } from '../../src/prove/open-binary.ts'
import { openImage } from '../../src/prove/open-image.ts'

export interface Proving {
  readonly name: string
  readonly version: 14 | 15 | 16 | 17 | 18
  readonly folder: string
  open(): Promise<OpenBinary>
}

/** npm's builds of PostgreSQL 14 to 18: no lz4, zstd, liburing, pgvector. */
export const bare: readonly Proving[] = bareBinaries().map(({ name, version, bin: folder }) => ({
  name,
  version,
  folder,
  open: () => openBinary({ folder, version: String(version), major: version }),
}))

/** Debian's builds of 17 and 18 with pgvector; they need Docker. */
export const rich: readonly (Omit<Proving, 'folder'> & { pgvector: string })[] = images.map(
  ({ image, version, pgvector }) => ({
    name: `PostgreSQL ${version}, Debian's build`,
    version,
    pgvector,
    open: () => openImage(image),
  }),
)
