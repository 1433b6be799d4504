import type { Warning } from '../recommendation.ts'
import { durationText } from '../text/duration-text.ts'
import { sizeText } from '../text/size-text.ts'
import { MB } from '../units.ts'
import { otherSharedMemory } from '../vectors/build-session.ts'
import { affectedByParallelBuild, hasParallelBuild } from '../vectors/pgvector-faults.ts'
import { hasVectors, type Warn } from './warn.ts'

export const warnOfVectorBuild: Warn = (recommendation) =>
  hasVectors(recommendation) && recommendation.vectors.index === 'hnsw'
    ? [...spill(recommendation), ...sharedMemory(recommendation)]
    : []

function spill({ vectors }: Parameters<Warn>[0]): Warning[] {
  const { needed, maintenanceWorkMem, largestPartition, spillsAtRows, duration, proposals } = vectors.build
  if (needed === undefined || needed <= maintenanceWorkMem) return []
  return [
    {
      code: 'vector_build_spills',
      message: `the HNSW build of the largest partition, ${largestPartition} rows, needs ${sizeText(needed)} and may take ${sizeText(maintenanceWorkMem)}: from row ${spillsAtRows} on it is several times slower, about ${durationText(duration ?? 0)} in all`,
      ...(proposals.length === 0
        ? {}
        : { hint: `Any of these helps: ${proposals.map(({ text }) => text).join('. Or ')}.` }),
    },
  ]
}

/** Where workers could help but for the size of /dev/shm. */
function sharedMemory({ facts, vectors }: Parameters<Warn>[0]): Warning[] {
  const { parallelWorkers, maintenanceWorkMem } = vectors.build
  const idle = facts.cpus >= 2 && hasParallelBuild(facts.pgvector) && !affectedByParallelBuild(facts.pgvector)
  if (facts.sharedMemory === undefined || parallelWorkers > 0 || !idle) return []
  const least = Math.max(maintenanceWorkMem, 64 * MB) + otherSharedMemory
  if (facts.sharedMemory >= least) return []
  return [
    {
      code: 'shared_memory_small',
      message: `/dev/shm has ${sizeText(facts.sharedMemory)}: too little for a parallel HNSW build, which takes all of maintenance_work_mem there`,
      hint: `Give it ${sizeText(least)} (docker: shm_size; Kubernetes: an emptyDir with medium Memory).`,
    },
  ]
}
