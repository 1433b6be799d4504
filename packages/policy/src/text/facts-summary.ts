import type { ServerFacts } from '../facts/server-facts.ts'
import { sizeText } from './size-text.ts'

/** For whom a file was made, one line each. */
export function factsSummary({ postgres, pgvector, workload, ...machine }: ServerFacts): string[] {
  const { walCompression, toastCompression, ioMethod } = postgres.capabilities
  const builds = [
    `wal_compression ${walCompression.join(' ')}`,
    `default_toast_compression ${toastCompression.join(' ')}`,
    ...(postgres.version >= 18 ? [`io_method ${ioMethod.join(' ')}`] : []),
  ]
  return [
    `PostgreSQL ${postgres.version}${pgvector === undefined ? '' : ` with pgvector ${pgvector}`}; its build takes ${builds.join(', ')}`,
    [
      `${sizeText(machine.memory)} of memory${machine.hugePages ? ' with huge pages set aside' : ''}`,
      count(machine.cpus, 'cpu'),
      `storage ${machine.storage}`,
      ...(machine.sharedMemory === undefined ? [] : [`/dev/shm of ${sizeText(machine.sharedMemory)}`]),
      ...(machine.walDisk === undefined ? [] : [`pg_wal on a disk of ${sizeText(machine.walDisk)}`]),
    ].join(', '),
    [
      `workload ${workload.kind}`,
      count(workload.connections, 'connection'),
      workload.active < workload.connections
        ? `${workload.active} of them active at once`
        : 'all may be active at once',
      workload.pooled ? 'PgBouncer in front' : 'no pooler',
      count(workload.processes, 'application process', 'application processes'),
      workload.replicas === 0 ? 'no replica' : count(workload.replicas, 'replica'),
      workload.pitr ? 'WAL archived' : 'WAL not archived',
    ].join(', '),
    ...(workload.kind === 'agent-memory' ? [memories(workload)] : []),
  ]
}

function memories({ rows, dimensions, embeddingType, growth, partitions }: ServerFacts['workload']): string {
  const size = rows === undefined ? 'memories not counted' : `${rows} memories`
  const daily = growth === undefined ? '' : `, ${growth} more a day`
  return `${size}${daily}, ${dimensions} dimensions as ${embeddingType}, in ${count(partitions, 'partition')}`
}

function count(number: number, one: string, many = `${one}s`): string {
  return `${number} ${number === 1 ? one : many}`
}
