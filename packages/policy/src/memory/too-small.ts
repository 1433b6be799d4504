import { sessionPool } from '../connections/usable-connections.ts'
import type { ServerFacts } from '../facts/server-facts.ts'
import { PolicyError } from '../policy-error.ts'
import type { MemoryBudget } from '../recommendation.ts'
import { sizeText } from '../text/size-text.ts'
import { GB, MB, TB } from '../units.ts'

/** Says what to lower, or how much memory it takes: each is tried before it is proposed. `fits` answers for other facts. */
export function memoryTooSmall(
  facts: ServerFacts,
  { limit, reserve, worstCase, parts }: MemoryBudget,
  fits: (facts: ServerFacts) => boolean,
): PolicyError {
  const { workload } = facts
  const proposals: string[] = []
  const active = most(workload.active - 1, 1, (each) => fits(withWorkload(facts, { active: each })))
  if (workload.pooled && active !== undefined) proposals.push(`--active ${active}, the pool's size`)
  const connections = most(workload.connections - 1, 5, (each) =>
    fits(withWorkload(facts, { connections: each, active: Math.min(workload.active, each) })),
  )
  if (connections !== undefined) proposals.push(`--connections ${connections}`)
  const pool = Math.ceil(4 * facts.cpus)
  // Beside the pool: its sessions for migrations, five others, and five that are reserved.
  const few = { pooled: true, active: pool, connections: pool + sessionPool + 10 }
  if (!workload.pooled && few.connections < workload.connections && fits(withWorkload(facts, few))) {
    proposals.push(`--pooled --connections ${few.connections}, with PgBouncer in front`)
  }
  // Page tables grow with memory and connections both: beyond some hundred sessions no memory is enough without huge pages.
  if (!facts.hugePages && fits({ ...facts, hugePages: true })) proposals.push('--huge-pages, set aside on the host')
  const memory = leastMemory(facts, fits)
  if (memory !== undefined) proposals.push(`--memory ${memory % GB === 0 ? `${memory / GB}GB` : `${memory / MB}MB`}`)
  return new PolicyError({
    code: 'memory_too_small',
    message: `${sizeText(limit)} of memory are too little for ${workload.connections} connections`,
    detail: [
      ...parts.map(({ name, bytes, reason }) => `${name}: ${sizeText(bytes)} (${reason})`),
      `together ${sizeText(worstCase)} at worst, with a reserve of ${sizeText(reserve)}`,
    ].join('\n'),
    hint:
      proposals.length === 0
        ? 'No configuration that we could vouch for is this small.'
        : `Any of these fits: ${proposals.join('; ')}.`,
  })
}

function withWorkload(facts: ServerFacts, changed: Partial<ServerFacts['workload']>): ServerFacts {
  return { ...facts, workload: { ...facts.workload, ...changed } }
}

/** The greatest that fits, by halving: fewer always take less. */
function most(from: number, least: number, fits: (value: number) => boolean): number | undefined {
  if (from < least || !fits(least)) return undefined
  let [low, high] = [least, from]
  while (low < high) {
    const middle = Math.ceil((low + high) / 2)
    if (fits(middle)) low = middle
    else high = middle - 1
  }
  return low
}

/** In steps of 128 MB up to 2 GB, of 1 GB above. */
function leastMemory(facts: ServerFacts, fits: (facts: ServerFacts) => boolean): number | undefined {
  for (let memory = facts.memory; memory < 64 * TB; ) {
    const step = memory < 2 * GB ? 128 * MB : Math.max(GB, Math.floor(memory / 16 / GB) * GB)
    memory = (Math.floor(memory / step) + 1) * step
    if (fits({ ...facts, memory })) return memory
  }
  return undefined
}
