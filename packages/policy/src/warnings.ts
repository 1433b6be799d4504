import type { Warning } from './recommendation.ts'
import type { Get } from './setting-rule.ts'
import { warnOfArchive } from './warnings/archive.ts'
import { warnOfBuild } from './warnings/build.ts'
import { warnOfPageTables } from './warnings/memory.ts'
import { warnOfPgvector } from './warnings/pgvector.ts'
import { warnOfSupport } from './warnings/support.ts'
import { warnOfVectorBuild } from './warnings/vector-build.ts'
import { warnOfDimensions } from './warnings/vector-dimensions.ts'
import { warnOfVectorStorage } from './warnings/vector-storage.ts'
import type { Warn } from './warnings/warn.ts'

/** In the order in which they are printed. */
const topics: readonly Warn[] = [
  warnOfSupport,
  warnOfPgvector,
  warnOfDimensions,
  warnOfVectorBuild,
  warnOfVectorStorage,
  warnOfPageTables,
  warnOfArchive,
  warnOfBuild,
]

/** What the settings cannot mend. Codes are unique. */
export function warn(recommendation: Parameters<Warn>[0], get: Get): Warning[] {
  return topics.flatMap((topic) => topic(recommendation, get))
}
