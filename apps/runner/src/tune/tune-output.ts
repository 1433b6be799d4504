import { closed, count, described, flag, type JsonSchema, listOf, text } from '../json-shapes.ts'

const number: JsonSchema = { type: 'number' }
const bytes: JsonSchema = { type: 'number', minimum: 0, description: 'Bytes' }
const texts: JsonSchema = listOf(text)
const named = (names: readonly string[]): JsonSchema => ({ enum: names })

const embeddingType = named(['vector', 'halfvec', 'bit'])
export const versionShape: JsonSchema = { enum: [14, 15, 16, 17, 18] }
const capabilities = closed({ walCompression: texts, toastCompression: texts, ioMethod: texts, libraries: texts })

export const factsShape: JsonSchema = closed(
  {
    memory: bytes,
    cpus: number,
    sharedMemory: bytes,
    storage: named(['hdd', 'ssd', 'nvme', 'network']),
    walDisk: bytes,
    hugePages: flag,
    postgres: closed({ version: versionShape, capabilities, preload: texts }),
    listen: text,
    pgvector: text,
    tls: closed({ certificate: text, key: text, authority: text }, ['authority']),
    workload: closed(
      {
        kind: named(['agent-memory', 'web', 'oltp', 'dw', 'mixed', 'desktop']),
        connections: count,
        active: count,
        pooled: flag,
        processes: count,
        poolSize: count,
        replicas: count,
        pitr: flag,
        rows: count,
        dimensions: count,
        embeddingType: embeddingType,
        growth: count,
        partitions: count,
      },
      ['poolSize', 'rows', 'growth'],
    ),
  },
  ['sharedMemory', 'walDisk', 'listen', 'pgvector', 'tls'],
)

export const sourceShape: JsonSchema = closed({
  kind: named(['documentation', 'measurement', 'rule of thumb']),
  text,
})

export const takesEffectShape: JsonSchema = named(['reload', 'restart', 'session'])

const setting = closed({
  name: text,
  value: described(text, 'As a postgresql.conf has it, without quotes.'),
  amount: described({ type: ['number', 'string', 'boolean'] }, 'The same; memory in bytes, times in milliseconds.'),
  default: described({ type: ['string', 'null'] }, 'Of PostgreSQL; null where it depends on the machine.'),
  reason: text,
  source: sourceShape,
  takesEffect: takesEffectShape,
  topic: text,
})

export const memoryShape: JsonSchema = closed({
  limit: bytes,
  reserve: bytes,
  worstCase: bytes,
  parts: listOf(closed({ name: text, bytes, reason: text })),
})

const pools = closed(
  {
    usable: count,
    direct: count,
    application: closed({ processes: count, min: count, max: count }),
    pooler: closed({ poolSize: count, reserve: count, min: count, sessionPoolSize: count, clients: count }),
    reason: text,
  },
  ['pooler'],
)

const vectors = closed(
  {
    index: named(['exact', 'hnsw', 'ivfflat']),
    indexReason: text,
    embeddingType: embeddingType,
    embeddingReason: text,
    indexedType: embeddingType,
    parameters: listOf(closed({ name: text, value: { type: ['number', 'string'] }, reason: text })),
    build: closed(
      {
        bytesPerRow: bytes,
        largestPartition: count,
        needed: bytes,
        maintenanceWorkMem: bytes,
        parallelWorkers: count,
        spillsAtRows: count,
        sharedMemory: bytes,
        duration: described(number, 'Milliseconds, on an idle machine.'),
        reason: text,
        proposals: listOf(closed({ change: text, text })),
      },
      ['largestPartition', 'needed', 'duration'],
    ),
    size: closed({ hnsw: bytes, ivfflat: bytes, rows: described(bytes, 'Bytes of memories itself.'), reason: text }),
  },
  ['size'],
)

const tables = listOf(
  closed({ table: text, partitioned: flag, parameters: listOf(closed({ name: text, value: text, reason: text })) }),
)

/** What `athena tune --json` prints. */
export const tuneOutput: JsonSchema = closed(
  {
    facts: factsShape,
    origins: described(
      { type: 'object', additionalProperties: text },
      'Where each fact comes from, by the name that a profile file has for it.',
    ),
    profile: text,
    settings: listOf(setting),
    memory: memoryShape,
    pools,
    vectors,
    tables,
    warnings: listOf(closed({ code: text, message: text, hint: text }, ['hint'])),
    files: described(
      listOf(closed({ name: text, content: text })),
      'Of --output; with --write they are where it says.',
    ),
  },
  ['profile'],
)
