import type { FactName, ServerFacts } from '@athena-pg/policy'
import type { Options } from '../command.ts'
import type { Context } from '../context.ts'

/** Flags that tell facts, in the order of the help page; names are those of GivenFacts in kebab-case. */
export const givenOptions = {
  memory: { type: 'string', value: 'SIZE', description: "The server's memory, or its container's limit: 16GB" },
  cpus: { type: 'string', value: 'N', description: 'Its cpus, or quota of them: 8, 0.5' },
  'shared-memory': { type: 'string', value: 'SIZE', description: 'Size of its /dev/shm, where that is limited: 64MB' },
  storage: { type: 'string', value: 'KIND', description: 'hdd, ssd, nvme or network' },
  'wal-disk': { type: 'string', value: 'SIZE', description: 'Size of the file system that pg_wal is on' },
  'huge-pages': { type: 'boolean', description: 'The host has huge pages set aside for it', negatable: true },
  postgres: { type: 'string', value: 'VERSION', description: 'PostgreSQL 14 to 18' },
  build: { type: 'string', value: 'NAME', description: 'Whose build of PostgreSQL: debian, pgdg-docker, rds, …' },
  preload: { type: 'string', value: 'NAMES', description: 'What its shared_preload_libraries names already' },
  listen: { type: 'string', value: 'ADDRESSES', description: 'listen_addresses: * in a container' },
  pgvector: { type: 'string', value: 'VERSION', description: 'Of the extension: 0.8.7' },
  'tls-certificate': { type: 'string', value: 'PATH', description: 'Its certificate, on the server' },
  'tls-key': { type: 'string', value: 'PATH', description: 'The key of that' },
  'tls-authority': { type: 'string', value: 'PATH', description: 'Who signs the certificates of clients' },
  workload: { type: 'string', value: 'KIND', description: 'agent-memory, web, oltp, dw, mixed or desktop' },
  connections: { type: 'string', value: 'N', description: 'max_connections' },
  active: { type: 'string', value: 'N', description: 'Sessions that execute a statement at the same time, at worst' },
  pooled: { type: 'boolean', description: 'PgBouncer stands in front, on the same machine', negatable: true },
  processes: { type: 'string', value: 'N', description: 'Application processes, each with a pool of its own' },
  'pool-size': { type: 'string', value: 'N', description: 'Most connections in the pool of one process' },
  replicas: { type: 'string', value: 'N', description: 'Standbys that it feeds' },
  pitr: { type: 'boolean', description: 'WAL is archived for point-in-time recovery', negatable: true },
  rows: { type: 'string', value: 'N', description: 'Memories in the store, now or planned: 250k, 5M' },
  growth: { type: 'string', value: 'N', description: 'New memories a day' },
  dimensions: { type: 'string', value: 'N', description: 'Of the embeddings' },
  'embedding-type': { type: 'string', value: 'TYPE', description: 'vector, halfvec or bit' },
  partitions: { type: 'string', value: 'N', description: 'Hash partitions of memories' },
} as const satisfies Options

/** Flags of every `athena tune` command that works from facts. */
export const factOptions = {
  ...givenOptions,
  profile: { type: 'string', value: 'NAME|FILE', description: 'small, medium, large, xlarge, or a JSON file of facts' },
  detect: { type: 'boolean', description: 'Look at this machine, or the container that this runs in' },
  'from-server': { type: 'boolean', description: 'Ask the server that --database-url, DATABASE_URL or PGHOST names' },
} as const satisfies Options

export const outputOptions = {
  output: {
    type: 'string',
    value: 'NAME',
    default: 'postgresql.conf',
    description: 'What to print; an unknown name lists them',
  },
  write: { type: 'string', value: 'FOLDER', description: 'Write the files of the output there, instead' },
  force: { type: 'boolean', description: 'With --write: overwrite files that athena did not write, too' },
} as const satisfies Options

/** For help pages: which source of a fact counts. */
export const factDetails = `Of each fact the first of these counts that tells it: flags; a file of facts (--profile FILE, or "server" in athena.config.json); the live server (--from-server); this machine (--detect); the named profile (--profile NAME, or "profile" in athena.config.json); defaults. --profile takes the place of both members of athena.config.json. Sizes are binary as in PostgreSQL, 1GB = 1GiB = 1024MB, and need a unit.`

export type FactContext = Pick<
  Context<typeof factOptions>,
  'options' | 'cwd' | 'configFile' | 'project' | 'config' | 'openDatabase'
>

export interface ReadFacts {
  readonly facts: ServerFacts
  /** Of every fact: `--memory`, `profile medium`, `default: …`. */
  readonly origins: Readonly<Record<FactName, string>>
  /** Name of the profile, where one fills in. */
  readonly profile?: string
}

/** Loads the policy only now, so that a help page costs nothing. For errors see read-facts.ts. */
export async function readFacts(context: FactContext): Promise<ReadFacts> {
  return (await import('./read-facts.ts')).readFacts(context)
}
