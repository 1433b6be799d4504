import type { PostgresVersion, ServerFacts, Workload } from '../src/facts/server-facts.ts'
import { GB } from '../src/units.ts'

type Changes = Partial<Omit<ServerFacts, 'workload' | 'postgres'>> & { version?: PostgresVersion } & {
  workload?: Partial<Workload>
}

/** 16 GB and 8 cores, PostgreSQL 18 of a build with everything, 100 connections; `changes` on top. */
export function machine({ version = 18, workload = {}, ...changes }: Changes = {}): ServerFacts {
  const connections = workload.connections ?? 100
  return {
    memory: 16 * GB,
    cpus: 8,
    storage: 'ssd',
    hugePages: false,
    postgres: {
      version,
      capabilities: {
        walCompression: version === 14 ? [] : ['pglz', 'lz4', 'zstd'],
        toastCompression: ['pglz', 'lz4'],
        ioMethod: version < 18 ? [] : ['sync', 'worker', 'io_uring'],
        libraries: ['pg_stat_statements'],
      },
      preload: [],
    },
    pgvector: '0.8.7',
    ...changes,
    workload: {
      kind: 'agent-memory',
      connections,
      active: connections,
      pooled: false,
      processes: 1,
      replicas: 0,
      pitr: false,
      dimensions: 768,
      embeddingType: 'halfvec',
      partitions: 8,
      ...workload,
    },
  }
}
