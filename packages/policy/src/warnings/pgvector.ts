import { compareVersions } from '../vectors/compare-versions.ts'
import { faultsOf, pgvectorFaults } from '../vectors/pgvector-faults.ts'
import { hasVectors, type Warn } from './warn.ts'

/** Without a fault known when this was written. */
const recommended = pgvectorFaults
  .map(({ fixedIn }) => fixedIn)
  .toSorted(compareVersions)
  .at(-1) as string

export const warnOfPgvector: Warn = (recommendation) => {
  const { facts, vectors } = recommendation
  if (!hasVectors(recommendation)) return []
  if (facts.pgvector === undefined) {
    return [
      {
        code: 'pgvector_unknown',
        message: `nobody told the version of pgvector: taken to be ${recommended} or newer`,
        hint: "Tell it (SELECT extversion FROM pg_extension WHERE extname = 'vector'): below 0.8.2 a parallel HNSW build is not safe (CVE-2026-3172).",
      },
    ]
  }
  const index = vectors.index
  return faultsOf(facts.pgvector)
    .filter(({ affects }) => affects === 'any' || affects === index)
    .map(({ id, fault, fixedIn, advice }) => ({
      code: id,
      message: `pgvector ${facts.pgvector}: ${fault}; mended in ${fixedIn}`,
      hint: `Update to ${recommended} or newer, then ALTER EXTENSION vector UPDATE. ${advice}`,
    }))
}
