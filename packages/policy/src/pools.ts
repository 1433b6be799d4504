import { usableConnections } from './memory/parts.ts'
import type { PoolAdvice } from './recommendation.ts'
import type { ServerFacts } from './server-facts.ts'
import type { Get } from './setting-rule.ts'

/** Provisional. */
export function advisePools({ workload }: ServerFacts, get: Get): PoolAdvice {
  const usable = usableConnections(get)
  const direct = Math.min(5, Math.floor(usable / 4))
  const max = Math.max(1, Math.floor((usable - direct) / workload.processes))
  return { usable, direct, application: { processes: workload.processes, min: 1, max }, reason: '' }
}
