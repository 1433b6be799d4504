import type { ServerFacts } from '../server-facts.ts'
import type { Get } from '../setting-rule.ts'
import type { VectorAdvice } from './vector-advice.ts'

/** Provisional. */
export function adviseVectors(facts: ServerFacts, get: Get): VectorAdvice {
  return {
    index: 'hnsw',
    indexReason: '',
    embeddingType: facts.workload.embeddingType,
    embeddingReason: '',
    parameters: [],
    build: {
      bytesPerRow: 2254,
      maintenanceWorkMem: get.number('maintenance_work_mem'),
      parallelWorkers: 0,
      spillsAtRows: Math.floor(get.number('maintenance_work_mem') / 2254),
      sharedMemory: get.number('maintenance_work_mem'),
      reason: '',
    },
  }
}
