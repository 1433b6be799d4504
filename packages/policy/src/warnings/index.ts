import type { Warning } from '../recommendation.ts'
import type { Get } from '../settings/setting-rule.ts'
import { warnOfArchive } from './archive.ts'
import { warnOfBuild } from './build.ts'
import { warnOfPageTables } from './memory.ts'
import { warnOfPgvector } from './pgvector.ts'
import { warnOfPooler } from './pooler.ts'
import { warnOfSupport } from './support.ts'
import { warnOfVectorBuild } from './vector-build.ts'
import { warnOfDimensions } from './vector-dimensions.ts'
import { warnOfVectorStorage } from './vector-storage.ts'
import type { Warn } from './warn.ts'

/** In the order in which they are printed. */
const topics: readonly Warn[] = [
  warnOfSupport,
  warnOfPgvector,
  warnOfDimensions,
  warnOfVectorBuild,
  warnOfVectorStorage,
  warnOfPageTables,
  warnOfArchive,
  warnOfPooler,
  warnOfBuild,
]

/** What the settings cannot mend. Codes are unique. */
export function warn(recommendation: Parameters<Warn>[0], get: Get): Warning[] {
  return topics.flatMap((topic) => topic(recommendation, get))
}
