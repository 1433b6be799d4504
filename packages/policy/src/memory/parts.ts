import { directConnections, poolerClients, sessionPool, usableConnections } from '../connections/usable-connections.ts'
import type { ServerFacts } from '../facts/server-facts.ts'
import type { MemoryPart } from '../recommendation.ts'
import type { Get } from '../settings/setting-rule.ts'
import { sizeText } from '../text/size-text.ts'
import { kB, MB } from '../units.ts'
import { buildAllowance } from './build-allowance.ts'
import { sharedMemorySize } from './shared-memory.ts'

/** Private memory of one session that has searched, inserted and prepared all of the store's statements; measured. */
export const sessionMemory: number = 12 * MB
/** The same once a statement was compiled, for the rest of the session's life; measured on Debian's 17.12. */
export const compilingSessionMemory: number = 80 * MB
/** Of a parallel worker or an extension's. */
const workerMemory: number = 2 * MB
/** Of a WAL sender, an I/O worker, the checkpointer and the like. */
const auxiliaryMemory: number = MB
const auxiliaries = 6

/** Sorts or hashes that one statement holds at once. */
export const nodesPerStatement = 2

/** The operating system, the kernel's own memory and what the parts leave out. */
export function reserve({ memory }: Pick<ServerFacts, 'memory'>): number {
  return Math.round(Math.max(memory / 10, Math.min(256 * MB, memory / 8)))
}

/** Everything the server takes at worst except sorts and hashes, which get what is left. */
export function partsBesidesWorkMemory(facts: ServerFacts, get: Get): MemoryPart[] {
  return [
    sharedMemory(facts, get),
    sessions(facts, get),
    pageTables(get),
    autovacuum(get),
    indexBuild(facts, get),
    ...pooler(facts),
  ]
}

/** Statements that may sort or hash at the same time: active sessions, and the parallel workers that help them. */
export function statements(facts: ServerFacts, get: Get): number {
  const { active, connections, pooled } = facts.workload
  const most = usableConnections(facts, get)
  // Beside the pooler come its sessions for migrations, and people.
  const told = pooled ? active + sessionPool + directConnections(most) : active < connections ? active : most
  return Math.min(told, most) + get.number('max_parallel_workers')
}

export function workMemory(facts: ServerFacts, get: Get): MemoryPart {
  const each = get.number('work_mem')
  const multiplier = get.number('hash_mem_multiplier')
  const count = statements(facts, get)
  return {
    name: 'sorts and hashes',
    bytes: Math.ceil(count * nodesPerStatement * multiplier * each),
    reason: `${count} statements x ${nodesPerStatement} sorts or hashes x hash_mem_multiplier ${multiplier} x work_mem ${sizeText(each)}`,
  }
}

function sharedMemory(facts: ServerFacts, get: Get): MemoryPart {
  return {
    name: 'shared memory',
    bytes: sharedMemorySize(facts, get),
    reason: `shared_buffers ${sizeText(get.number('shared_buffers'))} and their headers, WAL buffers, locks and the state of every process`,
  }
}

function sessions(facts: ServerFacts, get: Get): MemoryPart {
  const connections = get.number('max_connections')
  const workers = get.number('max_worker_processes')
  const ioWorkers = facts.postgres.version >= 18 ? get.number('io_workers') : 0
  const others = get.number('max_wal_senders') + ioWorkers + auxiliaries
  const compiling = get.flag('jit')
  const each = compiling ? compilingSessionMemory : sessionMemory
  return {
    name: 'sessions',
    bytes: connections * each + workers * workerMemory + others * auxiliaryMemory,
    reason: `${connections} sessions x ${sizeText(each)}${compiling ? ' (jit is on)' : ''}, ${workers} workers x ${sizeText(workerMemory)}, ${others} other processes x ${sizeText(auxiliaryMemory)}`,
  }
}

// Eight bytes for each 4 kB page that a process has touched, in every process; huge pages do away with them.
function pageTables(get: Get): MemoryPart {
  const huge = get.text('huge_pages') === 'on'
  const buffers = get.number('shared_buffers')
  const connections = get.number('max_connections')
  return {
    name: 'page tables',
    bytes: huge ? 0 : connections * Math.ceil(buffers / 512),
    reason: huge
      ? 'none worth counting: huge_pages = on'
      : `${connections} sessions x shared_buffers ${sizeText(buffers)} / 512: 8 bytes for each page of 4 kB`,
  }
}

function autovacuum(get: Get): MemoryPart {
  const workers = get.number('autovacuum_max_workers')
  const own = get.number('autovacuum_work_mem')
  // Before 17 the array of dead rows never took more than 1 GB.
  const each = own > 0 ? own : get.number('maintenance_work_mem')
  return { name: 'autovacuum', bytes: workers * each, reason: `${workers} workers x ${sizeText(each)}` }
}

/** What one building session may take: of a store with vectors more than maintenance_work_mem, which all sessions have. */
function indexBuild(facts: ServerFacts, get: Get): MemoryPart {
  const plain = get.number('maintenance_work_mem')
  const vectors = facts.workload.kind === 'agent-memory' ? buildAllowance(facts) : 0
  return vectors > plain
    ? {
        name: 'index build',
        bytes: vectors,
        reason: `one session that builds a vector index with ${sizeText(vectors)}`,
      }
    : { name: 'index build', bytes: plain, reason: `one session with maintenance_work_mem ${sizeText(plain)}` }
}

// Measured on 1.18 and 1.24: 6.5 MB at rest, 1 to 2 kB for an idle client, 6 with forty named statements, 18 with TLS.
const poolerAtRest: number = 10 * MB

function pooler({ workload, tls }: ServerFacts): MemoryPart[] {
  if (!workload.pooled) return []
  const clients = poolerClients(workload)
  const each = (tls === undefined ? 8 : 30) * kB
  return [
    {
      name: 'pooler',
      bytes: poolerAtRest + clients * each,
      reason: `PgBouncer: ${sizeText(poolerAtRest)}, ${clients} clients x ${sizeText(each)}`,
    },
  ]
}
