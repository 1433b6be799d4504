import { plainBuildAllowance } from '../memory/build-allowance.ts'
import { nodesPerStatement, partsBesidesWorkMemory, reserve, statements } from '../memory/parts.ts'
import { down } from '../rounding.ts'
import { sizeText } from '../text/size-text.ts'
import { GB, kB, MB } from '../units.ts'
import type { SettingRule } from './setting-rule.ts'

const memoryPage = 'PostgreSQL: Resource Consumption, Memory'

/** PostgreSQL takes 1,073,741,823 pages of 8 kB, one less than 8 TB. */
const mostBuffers: number = 8191 * GB

/** PostgreSQL's default: with less, every sort spills. Where not even this is left, the budget refuses the facts. */
const leastWorkMemory: number = 4 * MB
const mostWorkMemory = {
  'agent-memory': 128 * MB,
  web: 64 * MB,
  oltp: 64 * MB,
  mixed: 256 * MB,
  dw: 2 * GB,
  desktop: 64 * MB,
} as const

export const memory: readonly SettingRule[] = [
  {
    name: 'shared_buffers',
    value({ memory }) {
      if (memory >= 2 * GB) return Math.min(down(memory / 4, MB), mostBuffers)
      // An eighth up to 512 MB, a quarter at 2 GB, and straight between: more memory never gives less.
      return down(memory <= GB / 2 ? memory / 8 : 64 * MB + ((memory - GB / 2) * 448) / 1536, MB)
    },
    reason: ({ memory }) =>
      memory < 2 * GB
        ? `An eighth of ${sizeText(memory)}, rising to a quarter at 2 GB: on small machines the sessions need the rest.`
        : memory / 4 > mostBuffers
          ? `Almost 8 TB, the most that PostgreSQL takes; a quarter of ${sizeText(memory)} would be more.`
          : `A quarter of ${sizeText(memory)}; sessions, builds and the page cache need the rest.`,
    source: {
      kind: 'documentation',
      text: `${memoryPage}, shared_buffers: a quarter to start with, hardly ever more than 40 %`,
    },
  },
  {
    name: 'huge_pages',
    value: ({ hugePages }) => (hugePages ? 'on' : 'try'),
    reason: ({ hugePages }, get) =>
      hugePages
        ? 'The host has them set aside; with `try` a server would start without them unnoticed, and the budget counts on them.'
        : `Where the host has some set aside, silently none otherwise; without them every session needs up to ${sizeText(get.number('shared_buffers') / 512)} of page tables.`,
    source: { kind: 'documentation', text: `${memoryPage}, huge_pages` },
  },
  {
    name: 'work_mem',
    value(facts, get) {
      const each = left(facts, get) / (statements(facts, get) * nodesPerStatement * get.number('hash_mem_multiplier'))
      const most = Math.min(each, mostWorkMemory[facts.workload.kind])
      return Math.max(down(most, most < 16 * MB ? 256 * kB : MB), leastWorkMemory)
    },
    reason(facts, get) {
      const most = mostWorkMemory[facts.workload.kind]
      const share = `${sizeText(left(facts, get))} that nothing else takes / (${statements(facts, get)} statements at once x ${nodesPerStatement} sorts or hashes each x hash_mem_multiplier ${get.number('hash_mem_multiplier')})`
      return get.number('work_mem') === most
        ? `At most ${sizeText(most)} for ${facts.workload.kind}, though there is more: ${share}. Raise it for a role or a function that needs it.`
        : `${share}.`
    },
    source: { kind: 'rule of thumb', text: 'all sorts and hashes of all active sessions fit into memory at once' },
  },
  {
    name: 'hash_mem_multiplier',
    value: ({ memory, postgres }) => (memory < GB && postgres.version > 14 ? 1 : undefined),
    reason: ({ memory }) =>
      `With ${sizeText(memory)} a hash has to make do with work_mem; the default lets it take twice that.`,
    source: { kind: 'documentation', text: `${memoryPage}, hash_mem_multiplier` },
  },
  {
    name: 'maintenance_work_mem',
    value: plainBuildAllowance,
    reason: ({ memory }) =>
      `${sizeText(memory)} / 32, at most 1 GB, for VACUUM and plain indexes. Every session may take it, so an HNSW build sets its own.`,
    source: {
      kind: 'rule of thumb',
      text: `${memoryPage}, maintenance_work_mem; pgvector issue 400: raise it in the building session only`,
    },
  },
  {
    name: 'max_locks_per_transaction',
    value: ({ workload }) =>
      workload.kind === 'agent-memory' ? Math.max(128, 2 ** Math.ceil(Math.log2(workload.partitions * 8))) : undefined,
    reason: ({ workload }) =>
      `A search across projects locks ${workload.partitions} partitions and each of their indexes; 64, the default, is for small schemas.`,
    source: { kind: 'documentation', text: 'PostgreSQL: Lock Management, max_locks_per_transaction' },
  },
]

function left(...[facts, get]: Parameters<SettingRule['value']>): number {
  const taken = partsBesidesWorkMemory(facts, get).reduce((sum, { bytes }) => sum + bytes, 0)
  return Math.max(facts.memory - reserve(facts) - taken, 0)
}
