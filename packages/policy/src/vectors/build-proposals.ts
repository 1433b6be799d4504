import type { EmbeddingType, ServerFacts } from '../facts/server-facts.ts'
import { buildAllowance } from '../memory/build-allowance.ts'
import { reserve } from '../memory/parts.ts'
import { down } from '../rounding.ts'
import type { Get } from '../settings/setting-rule.ts'
import { sizeText } from '../text/size-text.ts'
import { GB, MB } from '../units.ts'
import { buildMemory, graphBytesPerRow } from './graph-memory.ts'
import { largestPartition } from './largest-partition.ts'
import { lacksHalfvec } from './pgvector-faults.ts'
import type { BuildProposal } from './vector-advice.ts'

/** As the store's variable project_partitions allows. */
const mostPartitions = 256

/** What would let the largest partition fit, each tried before it is proposed; none where it fits. */
export function buildProposals(
  facts: ServerFacts,
  get: Get,
  { rows, type, m }: { rows: number; type: EmbeddingType; m: number },
): BuildProposal[] {
  const { dimensions, partitions } = facts.workload
  const allowed = buildAllowance(facts)
  const needed = (of: EmbeddingType, among: number) =>
    buildMemory(
      largestPartition(rows, among),
      graphBytesPerRow({ dimensions, type: of, m, version: facts.postgres.version }),
    )
  const now = needed(type, partitions)
  if (now <= allowed) return []
  const proposals: BuildProposal[] = []

  if (type === 'vector' && !lacksHalfvec(facts.pgvector)) {
    const half = needed('halfvec', partitions)
    const fits = half <= allowed ? 'which fits' : 'which does not fit either, but spills less'
    proposals.push({
      change: 'halfvec',
      text: `halfvec instead of vector: ${sizeText(half)} instead of ${sizeText(now)}, ${fits}`,
    })
  }
  for (let more = partitions * 2; more <= mostPartitions; more *= 2) {
    if (needed(type, more) > allowed) continue
    proposals.push({
      change: 'partitions',
      text: `${more} partitions instead of ${partitions}: ${sizeText(needed(type, more))} for the largest, if no project has more than a quarter of the rows; searching all projects gets slower`,
    })
    break
  }
  const memory = Math.ceil((now * 8) / GB) * GB
  if (facts.workload.kind === 'agent-memory' && buildAllowance({ ...facts, memory }) >= now) {
    proposals.push({
      change: 'memory',
      text: `${sizeText(memory)} of memory instead of ${sizeText(facts.memory)}: an eighth of it is ${sizeText(now)} and more`,
    })
  }
  const alone = aloneOnTheMachine(facts, get)
  if (alone > allowed) {
    const fits = alone >= now ? 'which fits' : `which does not fit ${sizeText(now)} either, but spills less`
    proposals.push({
      change: 'maintenance window',
      text: `with the application stopped the build may have maintenance_work_mem ${alone / MB}MB, ${fits}; where it is parallel, /dev/shm has to be as large`,
    })
  }
  return proposals
}

/** What is left of the memory beside shared_buffers and the reserve when no session but the building one works. */
function aloneOnTheMachine(facts: ServerFacts, get: Get): number {
  const left = facts.memory - reserve(facts) - get.number('shared_buffers') * 1.05 - 256 * MB
  return down(Math.max(left, 0), MB)
}
