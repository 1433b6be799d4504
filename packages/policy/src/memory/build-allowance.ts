import type { ServerFacts } from '../facts/server-facts.ts'
import { clamp, down } from '../rounding.ts'
import { GB, MB } from '../units.ts'

/** For VACUUM and plain indexes, in bytes: maintenance_work_mem of every session. */
export function plainBuildAllowance({ memory }: Pick<ServerFacts, 'memory'>): number {
  return down(clamp(memory / 32, 8 * MB, GB), MB)
}

/**
 * Most that the budget gives one index build, in bytes: for a store of memories an eighth of the memory, within 16 MB and 64 GB. Other
 * workloads have no vectors, as far as is known; the sorts of their sessions got that memory.
 */
export function buildAllowance(facts: Pick<ServerFacts, 'memory' | 'workload'>): number {
  return facts.workload.kind === 'agent-memory'
    ? down(clamp(facts.memory / 8, 16 * MB, 64 * GB), MB)
    : plainBuildAllowance(facts)
}

/** For reasons. */
export function allowanceText({ workload }: Pick<ServerFacts, 'workload'>): string {
  return workload.kind === 'agent-memory'
    ? 'an eighth of the memory'
    : `all that the workload ${workload.kind} has for builds`
}
