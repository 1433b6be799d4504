import { describe, expect, test } from 'vitest'
import { catalogue } from '../../src/catalogue/index.ts'
import { parseDefault } from '../../src/catalogue/setting-values.ts'
import { getOver } from '../../src/compare/get-over.ts'
import { guide } from '../../src/compare/guide.ts'
import { pgtune } from '../../src/compare/pgtune.ts'
import { timescaledbTune } from '../../src/compare/timescaledb-tune.ts'
import type { Tool } from '../../src/compare/tool.ts'
import type { ServerFacts, WorkloadKind } from '../../src/facts/server-facts.ts'
import { GB, MB, TB } from '../../src/units.ts'
import { machine } from '../machine.ts'

/** The four sizes with which the tools' own programs were run. */
const small = { memory: 4 * GB, cpus: 2 }
const medium = { memory: 16 * GB, cpus: 8 }
const large = { memory: 64 * GB, cpus: 16 }
const huge = { memory: TB, cpus: 128 }
const sizes = [small, medium, large, huge]

const amountOf = (tool: Tool, facts: ServerFacts, name: string): number =>
  getOver(tool.settings(facts), facts.postgres.version).number(name)

/** Megabytes, cut off. */
function megabytes(tool: Tool, name: string, connections: number, kind: WorkloadKind = 'mixed'): number[] {
  const facts = sizes.map((size) => machine({ ...size, version: 17, workload: { connections, kind } }))
  return facts.map((each) => Math.floor(amountOf(tool, each, name) / MB))
}

/** The simple accounting of the published percentages: one sort a connection, no sessions, no parallel workers. */
function simpleShare(
  tool: Tool,
  size: { memory: number; cpus: number },
  connections: number,
  kind: WorkloadKind,
): number {
  const facts = machine({ ...size, version: 17, workload: { connections, kind } })
  const value = (name: string): number => amountOf(tool, facts, name)
  const maintenance = value('maintenance_work_mem')
  const vacuum = value('autovacuum_work_mem')
  const worst =
    value('shared_buffers') +
    value('max_connections') * value('work_mem') * value('hash_mem_multiplier') +
    value('autovacuum_max_workers') * (vacuum > 0 ? vacuum : maintenance) +
    maintenance
  return Math.round((100 * worst) / size.memory)
}

describe('pgtune', () => {
  test('gives maintenance_work_mem of 256MB, 1GB, 4GB and 8GB on the four sizes', () => {
    expect(megabytes(pgtune, 'maintenance_work_mem', 100)).toEqual([256, 1024, 4096, 8192])
  })

  test('gives "web" with 200 connections a work_mem of 4, 19, 75 and 799 MB, and "mixed" half of it', () => {
    expect(megabytes(pgtune, 'work_mem', 200, 'web')).toEqual([4, 19, 75, 799])
    expect(megabytes(pgtune, 'work_mem', 200, 'mixed')).toEqual([4, 9, 37, 399])
  })

  test('fills the memory with "web", by the simple accounting', () => {
    expect([small, medium, large, huge].map((size) => simpleShare(pgtune, size, 200, 'web'))).toEqual([98, 98, 90, 57])
  })

  test('takes less with "mixed"', () => {
    expect([small, medium, large, huge].map((size) => simpleShare(pgtune, size, 100, 'mixed'))).toEqual([
      73, 73, 65, 38,
    ])
  })

  test('caps autovacuum at 2 GB a worker once maintenance_work_mem has passed that', () => {
    expect(megabytes(pgtune, 'autovacuum_work_mem', 100)).toEqual([0, 0, 2048, 2048].map((each) => each || -1))
  })
})

describe('timescaledb-tune', () => {
  test('gives work_mem of 32 and 16 MB', () => {
    expect(megabytes(timescaledbTune, 'work_mem', 50)[0]).toBe(32)
    expect(megabytes(timescaledbTune, 'work_mem', 100).slice(1, 3)).toEqual([16, 32])
  })

  test('overruns small machines, by the simple accounting with its own number of connections', () => {
    expect(simpleShare(timescaledbTune, small, 50, 'mixed')).toBe(241)
    expect(simpleShare(timescaledbTune, medium, 100, 'mixed')).toBe(182)
    expect(simpleShare(timescaledbTune, large, 100, 'mixed')).toBe(69)
    expect(simpleShare(timescaledbTune, huge, 100, 'mixed')).toBe(28)
  })

  test('writes whole units: what would be 1.5 GB is 1536 MB, and what is smaller than a kilobyte more is cut off', () => {
    const odd = machine({ memory: 6 * GB + 123_456_789, cpus: 4, workload: { connections: 75 } })
    expect(amountOf(timescaledbTune, odd, 'shared_buffers')).toBe(1565 * MB)
    expect(amountOf(timescaledbTune, machine({ memory: 6 * GB }), 'shared_buffers')).toBe(1536 * MB)
  })

  test('takes 60% of the WAL disk in whole segments, and 1 GB when it is not told', () => {
    expect(amountOf(timescaledbTune, machine(), 'max_wal_size')).toBe(GB)
    expect(amountOf(timescaledbTune, machine({ walDisk: 100 * GB }), 'max_wal_size')).toBe(60 * GB)
    expect(amountOf(timescaledbTune, machine({ walDisk: 100 * GB + MB }), 'max_wal_size')).toBe(60 * GB + 16 * MB)
  })
})

describe('the guide', () => {
  test('overruns its own machines, by the simple accounting', () => {
    expect(simpleShare(guide, small, 200, 'mixed')).toBe(169)
    expect(simpleShare(guide, medium, 200, 'mixed')).toBe(148)
    expect(simpleShare(guide, large, 200, 'mixed')).toBe(99)
  })

  test('is asked for the nearest size', () => {
    const buffers = [1, 7, 9, 31, 33, 90, 91, 4096].map(
      (size) => amountOf(guide, machine({ memory: size * GB }), 'shared_buffers') / GB,
    )
    expect(buffers).toEqual([0.25, 0.25, 4, 4, 16, 16, 32, 32])
  })
})

test('every tool names settings that PostgreSQL 17 or 18 has, each once, with values of their type', () => {
  for (const version of [17, 18] as const) {
    for (const kind of ['agent-memory', 'web', 'oltp', 'dw', 'mixed', 'desktop'] as const) {
      for (const size of sizes) {
        for (const tool of [pgtune, timescaledbTune, guide]) {
          const settings = tool.settings(machine({ ...size, version, workload: { kind } }))
          expect(new Set(settings.map(({ name }) => name)).size).toBe(settings.length)
          for (const { name, amount } of settings) {
            const entry = catalogue[version][name]
            expect(entry, name).toBeDefined()
            if (entry?.type !== 'enum') expect(typeof amount, name).toBe(typeof parseDefault(entry as never))
          }
        }
      }
    }
  }
})
