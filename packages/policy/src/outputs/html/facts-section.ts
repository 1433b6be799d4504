import type { ServerFacts } from '../../facts/server-facts.ts'
import { sizeText } from '../../text/size-text.ts'
import { countText } from './count-text.ts'
import { html, type Markup } from './markup.ts'

/** What all below follows from. */
export function factsSection(facts: ServerFacts): Markup {
  return html`<section aria-labelledby="facts"><h2 id="facts">The server</h2>
<p class="soft">All of this follows from these facts. When one of them is wrong, so are the settings.</p>
<dl class="facts">${factRows(facts).map(([name, value]) => html`<div><dt>${name}</dt><dd>${value}</dd></div>`)}</dl></section>`
}

function factRows({
  memory,
  cpus,
  sharedMemory,
  storage,
  walDisk,
  hugePages,
  postgres,
  pgvector,
  tls,
  workload,
}: ServerFacts): [string, string][] {
  const { capabilities } = postgres
  const words = (accepted: readonly string[]): string => accepted.join(', ') || 'none'
  const optional = (name: string, value: string | undefined): [string, string][] =>
    value === undefined ? [] : [[name, value]]
  return [
    ['Memory', sizeText(memory)],
    ['Processors', String(cpus)],
    ['Storage', storage],
    ...optional('Disk of the WAL', walDisk === undefined ? undefined : sizeText(walDisk)),
    ['/dev/shm', sharedMemory === undefined ? 'not limited' : sizeText(sharedMemory)],
    ['Huge pages', hugePages ? 'set aside' : 'not set aside'],
    ['PostgreSQL', String(postgres.version)],
    ['pgvector', pgvector ?? 'unknown'],
    ['Compressions of WAL', words(capabilities.walCompression)],
    ['Compressions of rows', words(capabilities.toastCompression)],
    ...(postgres.version >= 18 ? ([['I/O methods', words(capabilities.ioMethod)]] as [string, string][]) : []),
    ['TLS', tls === undefined ? 'no' : tls.certificate],
    ['Workload', workload.kind],
    ['Connections', `${workload.connections}, of which ${workload.active} active at worst`],
    ['Pooler', workload.pooled ? 'PgBouncer' : 'none'],
    ['Application processes', String(workload.processes)],
    ['Replicas', String(workload.replicas)],
    ['Point-in-time recovery', workload.pitr ? 'yes' : 'no'],
    ['Rows', workload.rows === undefined ? 'unknown' : countText(workload.rows)],
    ...optional('New rows a day', workload.growth === undefined ? undefined : countText(workload.growth)),
    ['Embeddings', `${workload.dimensions} dimensions, ${workload.embeddingType}`],
    ['Partitions', String(workload.partitions)],
  ]
}
