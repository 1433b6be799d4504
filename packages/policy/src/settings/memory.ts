import { partsBesidesWorkMemory, nodesPerStatement, reserve, statements } from '../memory/parts.ts'
import { PolicyError } from '../policy-error.ts'
import type { SettingRule } from '../setting-rule.ts'
import { clamp, down, GB, MB, sizeText } from '../values.ts'

export const memory: readonly SettingRule[] = [
  {
    name: 'shared_buffers',
    value: ({ memory }) => down(memory < GB ? memory / 8 : memory / 4, MB),
    reason: ({ memory }) => `A quarter of ${sizeText(memory)}; the rest serves sessions, builds and the page cache.`,
    source: { kind: 'documentation', text: 'PostgreSQL: Resource Consumption, shared_buffers' },
  },
  {
    name: 'huge_pages',
    value: ({ hugePages }) => (hugePages ? 'on' : 'try'),
    reason: ({ hugePages }) =>
      hugePages ? 'The host has them set aside.' : 'Where the host has set some aside, silently none otherwise.',
    source: { kind: 'documentation', text: 'PostgreSQL: Resource Consumption, huge_pages' },
  },
  {
    name: 'work_mem',
    value(facts, get) {
      const limit = facts.memory - reserve(facts)
      const others = partsBesidesWorkMemory(facts, get).reduce((sum, { bytes }) => sum + bytes, 0)
      const each = (limit - others) / (statements(facts, get) * nodesPerStatement * get.number('hash_mem_multiplier'))
      if (each < 4 * MB) {
        throw new PolicyError({ code: 'memory_too_small', message: 'too little memory for the connections asked' })
      }
      return down(Math.min(each, 128 * MB), MB)
    },
    reason: (facts, get) => `What is left, by ${statements(facts, get)} statements.`,
    source: { kind: 'rule of thumb', text: 'every sort and hash of every active session fits at once' },
  },
  {
    name: 'maintenance_work_mem',
    value: ({ memory }) => down(clamp(memory / 32, 16 * MB, GB), MB),
    reason: ({ memory }) => `${sizeText(memory)} / 32, at most 1 GB; an HNSW build asks for its own.`,
    source: { kind: 'rule of thumb', text: 'one build of a plain index or one VACUUM at a time' },
  },
]
