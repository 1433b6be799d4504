import { compilingSessionMemory, partsBesidesWorkMemory, reserve, sessionMemory } from '../memory/parts.ts'
import { down } from '../rounding.ts'
import { sizeText } from '../text/size-text.ts'
import { GB, MB } from '../units.ts'
import type { SettingRule } from './setting-rule.ts'

const planningPage = 'PostgreSQL: Query Planning'
/** PostgreSQL takes 2,147,483,647 pages of 8 kB, one less than 16 TB. */
const mostCache: number = 16_383 * GB

export const planner: readonly SettingRule[] = [
  {
    name: 'effective_cache_size',
    value(facts, get) {
      const parts = partsBesidesWorkMemory(facts, get).filter(({ name }) => name !== 'shared memory')
      const others = parts.reduce((sum, { bytes }) => sum + bytes, 0)
      const cache = Math.min(facts.memory * 0.75, facts.memory - reserve(facts) - others, mostCache)
      return Math.max(down(cache, MB), get.number('shared_buffers'))
    },
    reason: ({ memory }, get) =>
      `What stays for caching of ${sizeText(memory)} after sessions, builds and reserve, at most three quarters: ${sizeText(get.number('effective_cache_size'))}. In a container the page cache counts against the limit. Takes no memory itself.`,
    source: { kind: 'documentation', text: `${planningPage}, effective_cache_size` },
  },
  {
    name: 'random_page_cost',
    value: ({ storage }) => (storage === 'hdd' ? undefined : 1.1),
    reason: () =>
      'On solid-state disks a random page costs hardly more than the next one; 1.0 would be right only where all is cached.',
    source: { kind: 'documentation', text: `${planningPage}, random_page_cost` },
  },
  {
    name: 'default_statistics_target',
    value: ({ workload }) => ({ dw: 500, mixed: 200 })[workload.kind as string],
    reason: () => 'Large reports are planned once and run long: better estimates pay for a longer ANALYZE.',
    source: { kind: 'rule of thumb', text: 'pgtune for dw; 100, the default, elsewhere' },
  },
  {
    name: 'jit',
    value: ({ workload, memory }) =>
      workload.kind === 'dw' && memory >= 8 * workload.connections * compilingSessionMemory ? undefined : false,
    reason: ({ workload }) =>
      workload.kind === 'dw'
        ? `Each of ${workload.connections} sessions that compiled once keeps ${sizeText(compilingSessionMemory)}: more than an eighth of the memory.`
        : `Compiling takes longer than these queries do, and a session that did it once keeps ${sizeText(compilingSessionMemory)} instead of ${sizeText(sessionMemory)}.`,
    source: { kind: 'measurement', text: 'private memory of a session on Debian 17.12; PostgreSQL: When to JIT?' },
  },
]
