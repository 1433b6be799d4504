import { postgres14 } from './postgres-14.ts'
import { postgres15 } from './postgres-15.ts'
import { postgres16 } from './postgres-16.ts'
import { postgres17 } from './postgres-17.ts'
import { postgres18 } from './postgres-18.ts'
import type { Entries } from './rows.ts'

export { extensionCatalogue } from './extensions.ts'

/**
 * Every setting that PostgreSQL has by itself, per version and name. What one distribution has more, or only the newest minor
 * releases (Debian's extension_destdir, output_plugin_libraries), is left out: other servers of that version refuse it.
 */
export const catalogue: Readonly<Record<14 | 15 | 16 | 17 | 18, Entries>> = {
  14: postgres14,
  15: postgres15,
  16: postgres16,
  17: postgres17,
  18: postgres18,
}
