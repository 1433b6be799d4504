import { type Recommendation, render } from '@athena-pg/policy'
import { findBinaries, type Search } from './find-binaries.ts'
import { openBinary } from './open-binary.ts'
import { proveConf } from './prove-conf.ts'

/**
 * How many huge pages (of this machine's default size) the server takes, asked of a PostgreSQL of the same major version.
 * undefined: there is none here that can tell, or it refuses the settings.
 */
export async function exactHugePages(
  recommendation: Recommendation,
  search: Omit<Search, 'named'>,
): Promise<number | undefined> {
  const { version } = recommendation.facts.postgres
  const found = (await findBinaries({ ...search, named: [] })).find(({ major }) => major === version)
  if (found === undefined) return undefined
  const binary = await openBinary(found)
  try {
    const content = render(recommendation, 'postgresql.conf')[0]?.content ?? ''
    return (await proveConf(binary, { content }, recommendation.settings)).hugePages
  } finally {
    await binary.close()
  }
}
