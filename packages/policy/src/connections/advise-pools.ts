import type { ServerFacts } from '../facts/server-facts.ts'
import { PolicyError } from '../policy-error.ts'
import type { PoolAdvice } from '../recommendation.ts'
import type { Get } from '../settings/setting-rule.ts'
import {
  directConnections,
  pooledApplicationSize,
  poolerClients,
  sessionPool,
  usableConnections,
} from './usable-connections.ts'

/** Splits the server's connections so that the sum of all pools is at most what it admits. @throws PolicyError `too_few_connections` */
export function advisePools(facts: ServerFacts, get: Get): PoolAdvice {
  const usable = usableConnections(facts, get)
  const direct = directConnections(usable)
  return facts.workload.pooled ? behindPooler(facts, usable, direct) : withoutPooler(facts, usable, direct)
}

function withoutPooler({ workload, cpus }: ServerFacts, usable: number, direct: number): PoolAdvice {
  const { processes } = workload
  const share = Math.floor((usable - direct) / processes)
  if (share < (workload.poolSize ?? 1)) {
    throw tooFew(
      `${processes} processes x ${workload.poolSize ?? 1} connections are more than ${usable - direct}: ${usable} usable ones less ${direct} for migrations, monitoring and people`,
    )
  }
  // A search keeps a core busy: more than four sessions per core only wait for each other.
  const max = workload.poolSize ?? Math.min(share, Math.max(2, Math.ceil((4 * cpus) / processes)))
  return {
    usable,
    direct,
    application: { processes, min: Math.min(2, max), max },
    reason: `${processes} x ${max} = ${processes * max} of ${usable} connections; ${direct} stay free for migrations, monitoring and people. At most four per core of ${cpus} in all, unless told.`,
  }
}

function behindPooler({ workload }: ServerFacts, usable: number, direct: number): PoolAdvice {
  const { active, processes } = workload
  if (active + sessionPool + direct > usable) {
    throw tooFew(
      `a pool of ${active}, ${sessionPool} in session mode and ${direct} beside the pooler are more than ${usable} usable ones`,
    )
  }
  const reserve = Math.floor(active / 5)
  const poolSize = active - reserve
  const max = pooledApplicationSize(workload)
  return {
    usable,
    direct,
    application: { processes, min: Math.min(2, max), max },
    pooler: {
      poolSize,
      reserve,
      min: Math.ceil(poolSize / 4),
      sessionPoolSize: sessionPool,
      clients: poolerClients(workload),
    },
    reason: `${poolSize} + ${reserve} in reserve + ${sessionPool} in session mode + ${direct} beside the pooler = ${active + sessionPool + direct} of ${usable} connections.`,
  }
}

function tooFew(detail: string): PolicyError {
  return new PolicyError({
    code: 'too_few_connections',
    message: 'the pools need more connections than the server admits',
    detail,
    hint: 'Lower --processes, --pool-size or --active, raise --connections, or put PgBouncer in front: --pooled.',
  })
}
