import { clamp } from '../rounding.ts'
import type { SettingRule } from './setting-rule.ts'

const ioPage = 'PostgreSQL: Resource Consumption, I/O'

export const inputOutput: readonly SettingRule[] = [
  {
    name: 'effective_io_concurrency',
    value({ storage, postgres }) {
      if (postgres.version >= 18) return { hdd: undefined, ssd: undefined, nvme: 32, network: 64 }[storage]
      return { hdd: 2, ssd: 200, nvme: 200, network: 200 }[storage]
    },
    reason: ({ storage, postgres }) =>
      postgres.version >= 18
        ? `Requests that one scan keeps under way: ${storage === 'network' ? 'each takes long on network storage' : 'NVMe has deep queues'}; the default is 16.`
        : 'Pages that a bitmap scan asks for ahead; the default of 1 is worse than none.',
    source: {
      kind: 'documentation',
      text: `${ioPage}, effective_io_concurrency; PostgreSQL 18 changed its meaning and default`,
    },
  },
  {
    name: 'maintenance_io_concurrency',
    value({ storage, postgres }) {
      if (postgres.version >= 18) return { hdd: undefined, ssd: undefined, nvme: 32, network: 64 }[storage]
      return { hdd: undefined, ssd: 100, nvme: 100, network: 200 }[storage]
    },
    reason: () => 'The same for vacuum, analyze and recovery.',
    source: { kind: 'documentation', text: `${ioPage}, maintenance_io_concurrency` },
  },
  {
    name: 'io_method',
    value: ({ postgres }) => (postgres.capabilities.ioMethod.includes('worker') ? 'worker' : undefined),
    reason: () =>
      'Works everywhere. io_uring can keep a server from starting: locked memory runs out at many connections, and containers block it.',
    source: {
      kind: 'measurement',
      text: 'PostgreSQL 18.6, 8 MB of RLIMIT_MEMLOCK: io_uring started with 500 connections, not with 2,000',
    },
  },
  {
    name: 'io_workers',
    value: ({ cpus }) => {
      const workers = clamp(Math.ceil(cpus / 4), 3, 32)
      return workers > 3 ? workers : undefined
    },
    reason: ({ cpus }) => `A quarter of ${cpus} cores, at least 3, the default, and at most 32, the most there may be.`,
    source: { kind: 'rule of thumb', text: `${ioPage}, io_workers` },
  },
  {
    name: 'default_toast_compression',
    value: ({ postgres }) => (postgres.capabilities.toastCompression.includes('lz4') ? 'lz4' : undefined),
    reason: () => 'Long texts are compressed and read faster than with pglz, at about the same size.',
    source: { kind: 'documentation', text: 'PostgreSQL: Client Connection Defaults, default_toast_compression' },
  },
]
