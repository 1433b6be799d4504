import type { ServerFacts } from '../facts/server-facts.ts'
import { allowanceText, buildAllowance } from '../memory/build-allowance.ts'
import type { Get } from '../settings/setting-rule.ts'
import { sizeText } from '../text/size-text.ts'
import { MB } from '../units.ts'
import { affectedByParallelBuild, hasParallelBuild } from './pgvector-faults.ts'

/** PostgreSQL gives a build no workers with less than 32 MB for each process, so none below this. */
const leastParallelMemory: number = 64 * MB
/** Docker's default for /dev/shm: left to what else uses it, parallel hash joins above all. */
export const otherSharedMemory: number = 64 * MB

export interface BuildSession {
  readonly maintenanceWorkMem: number
  readonly parallelWorkers: number
  readonly sharedMemory: number
  readonly reason: string
}

/** @param needed maintenance_work_mem for the largest partition; undefined: rows unknown, so all that is allowed */
export function buildSession(facts: ServerFacts, get: Get, needed: number | undefined): BuildSession {
  const allowed = buildAllowance(facts)
  const wanted = Math.min(needed ?? allowed, allowed)
  const workers = possibleWorkers(facts, get)
  const source = (memory: number) => {
    if (memory > wanted) return `${sizeText(memory)}, the least for a parallel build (${sizeText(wanted)} would do)`
    if (needed === undefined) return `${sizeText(memory)}, ${allowanceText(facts)}, since nobody told how many rows`
    if (needed > allowed) return `${sizeText(memory)}, ${allowanceText(facts)}, of ${sizeText(needed)} needed`
    return `${sizeText(memory)}, what the largest partition takes`
  }
  const serial = (because: string): BuildSession => ({
    maintenanceWorkMem: wanted,
    parallelWorkers: 0,
    sharedMemory: otherSharedMemory,
    reason: `${source(wanted)}. Not parallel: ${because}.`,
  })
  if (workers.count === 0) return serial(workers.reason)
  const parallel = Math.max(wanted, leastParallelMemory)
  if (parallel > allowed) return serial(`that takes ${sizeText(leastParallelMemory)} at least`)
  const shared = parallel + otherSharedMemory
  if (facts.sharedMemory !== undefined && facts.sharedMemory < shared) {
    return serial(
      `that takes all of it in /dev/shm, with ${sizeText(otherSharedMemory)} for others ${sizeText(shared)}, and there are ${sizeText(facts.sharedMemory)}`,
    )
  }
  return {
    maintenanceWorkMem: parallel,
    parallelWorkers: workers.count,
    sharedMemory: shared,
    reason: `${source(parallel)}; a parallel build takes it in /dev/shm, all at once. ${workers.reason}.`,
  }
}

/** What the vector build could use, whatever its memory. */
function possibleWorkers({ cpus, pgvector }: ServerFacts, get: Get): { count: number; reason: string } {
  if (!hasParallelBuild(pgvector))
    return { count: 0, reason: `pgvector builds in parallel from 0.6.0 on, this is ${pgvector}` }
  if (affectedByParallelBuild(pgvector)) {
    return { count: 0, reason: `CVE-2026-3172 is in the parallel builds of pgvector ${pgvector}, mended in 0.8.2` }
  }
  const most = Math.min(get.number('max_parallel_workers'), get.number('max_worker_processes'))
  const count = Math.max(Math.min(4, Math.floor(cpus) - 1, most), 0)
  if (count === 0) return { count, reason: most === 0 ? 'max_parallel_workers is 0' : `${cpus} cores` }
  const assumed = pgvector === undefined ? ', if pgvector is 0.8.2 or newer' : ''
  return {
    count,
    reason: `${count} ${count === 1 ? 'worker' : 'workers'} beside the leader on ${cpus} cores${assumed}`,
  }
}
