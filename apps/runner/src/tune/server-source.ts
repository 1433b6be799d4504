import { describe, type ServerDescription } from '@athena-pg/database'
import { type FactName, type FactSource, type GivenFacts, parseFacts } from '@athena-pg/policy'
import type pg from 'pg'
import { cpuLimit, memoryLimit, type ReadFile } from './cgroup-limits.ts'
import { serverLibraries } from './server-libraries.ts'
import { storeSize } from './store-size.ts'

export interface ServerSource extends FactSource {
  /** Why memory and cpus are not among the facts. */
  readonly unread?: string
}

/** What a live server tells by SQL; only reads. Works on standbys, on managed servers and on the embedded database as far as each lets it. */
export async function serverSource(client: pg.ClientBase): Promise<ServerSource> {
  const server = await describe(client)
  const settings = await readSettings(client)
  const facts: Record<string, unknown> = {
    ...parseFacts({ postgres: String(Math.floor(server.version / 10_000)), pgvector: server.pgvector.installed }).facts,
    // 100 is what initdb writes: nobody chose it.
    ...(server.maxConnections !== 100 && { connections: server.maxConnections }),
    build: await capabilities(client, settings),
    preload: listOf(settings.get('shared_preload_libraries')?.setting),
    pitr: ['on', 'always'].includes(settings.get('archive_mode')?.setting ?? ''),
    replicas: await replicas(client),
    ...reach(server, settings),
    ...(await storeSize(client)),
  }
  const origin: Partial<Record<FactName, string>> = {}
  for (const name of Object.keys(facts) as FactName[]) origin[name] = 'the server'
  const machine = await machineOf(client, server)
  if (typeof machine === 'string') return { facts, origin, unread: machine }
  return { facts: { ...facts, ...machine.facts }, origin: { ...origin, ...machine.origin } }
}

interface Row {
  name: string
  setting: string
  enumvals: string[] | null
}

type Settings = ReadonlyMap<string, Row>

async function readSettings(client: pg.ClientBase): Promise<Settings> {
  const { rows } = await client.query<Row>(
    `SELECT name, setting, enumvals FROM pg_catalog.pg_settings
     WHERE name IN ('wal_compression', 'default_toast_compression', 'io_method', 'shared_preload_libraries', 'archive_mode',
       'listen_addresses', 'ssl', 'ssl_cert_file', 'ssl_key_file', 'ssl_ca_file')`,
  )
  return new Map(rows.map((row) => [row.name, row]))
}

async function capabilities(client: pg.ClientBase, settings: Settings): Promise<GivenFacts['build']> {
  const choices = (name: string): string[] =>
    (settings.get(name)?.enumvals ?? []).filter((value) => value !== 'on' && value !== 'off')
  return {
    walCompression: choices('wal_compression'),
    toastCompression: choices('default_toast_compression'),
    ioMethod: choices('io_method'),
    libraries: await serverLibraries(client, listOf(settings.get('shared_preload_libraries')?.setting)),
  }
}

function listOf(setting = ''): string[] {
  return setting
    .split(',')
    .map((name) => name.trim().replace(/^"(.*)"$/, '$1'))
    .filter(Boolean)
}

/** Addresses and TLS are the provider's on a managed server, and there are none in an embedded one. */
function reach({ managed, embedded }: ServerDescription, settings: Settings): GivenFacts {
  if (managed !== undefined || embedded) return {}
  const of = (name: string): string => settings.get(name)?.setting ?? ''
  return {
    ...(of('listen_addresses') !== 'localhost' && of('listen_addresses') !== '' && { listen: of('listen_addresses') }),
    ...(of('ssl') === 'on' && {
      tlsCertificate: of('ssl_cert_file'),
      tlsKey: of('ssl_key_file'),
      ...(of('ssl_ca_file') !== '' && { tlsAuthority: of('ssl_ca_file') }),
    }),
  }
}

/** Standbys that are there, or away with a slot that waits for them; a running pg_basebackup is none. */
async function replicas(client: pg.ClientBase): Promise<number> {
  const { rows } = await client.query<{ count: number }>(
    `SELECT greatest(
       (SELECT count(*) FROM pg_catalog.pg_stat_replication WHERE application_name <> 'pg_basebackup'),
       (SELECT count(*) FROM pg_catalog.pg_replication_slots WHERE slot_type = 'physical' AND NOT temporary)
     )::int AS count`,
  )
  return rows[0]?.count ?? 0
}

/** Memory, cpus and /dev/shm through the server's own eyes: the files that a process in its container would read. Or why not. */
async function machineOf(
  client: pg.ClientBase,
  { managed, embedded }: ServerDescription,
): Promise<(Required<Pick<FactSource, 'facts'>> & { readonly origin: Partial<Record<FactName, string>> }) | string> {
  if (embedded) return 'The embedded database takes what memory it needs of this program.'
  if (managed !== undefined) return `A managed server (${managed}) shows nothing of its machine.`
  const { rows } = await client.query<{ allowed: boolean }>(
    `SELECT pg_has_role(current_user, 'pg_read_server_files', 'USAGE')
       AND has_function_privilege(current_user, 'pg_catalog.pg_read_file(text, bigint, bigint, boolean)', 'EXECUTE') AS allowed`,
  )
  if (!rows[0]?.allowed) {
    return 'To read /proc and /sys through the server takes a superuser, or pg_read_server_files and EXECUTE on pg_read_file.'
  }
  const read: ReadFile = (path) => readFile(client, path)
  const memory = await memoryLimit(read)
  const cpus = await cpuLimit(read)
  if (memory === undefined || cpus === undefined) return 'The server has no /proc: it does not run on Linux.'
  const shared = sharedMemory((await read('/proc/self/mountinfo')) ?? '')
  const isLimited = shared !== undefined && shared < memory.value
  return {
    facts: { memory: memory.value, cpus: cpus.value, ...(isLimited && { sharedMemory: shared }) },
    origin: {
      memory: `the server's ${memory.file}`,
      cpus: `the server's ${cpus.file}`,
      ...(isLimited && { sharedMemory: "the server's /proc/self/mountinfo" }),
    },
  }
}

async function readFile(client: pg.ClientBase, path: string): Promise<string | undefined> {
  try {
    const { rows } = await client.query<{ text: string | null }>('SELECT pg_read_file($1, 0, 1000000, true) AS text', [
      path,
    ])
    return rows[0]?.text ?? undefined
  } catch {
    // A file may be there and not for the user that the server runs as; another one may do.
    return undefined
  }
}

/** `… /dev/shm … - tmpfs shm rw,size=65536k`; of several mounts there the last one counts. */
function sharedMemory(mounts: string): number | undefined {
  const line = mounts.split('\n').findLast((each) => each.split(' ')[4] === '/dev/shm')
  const [, kilobytes] = /[ ,]size=(\d+)k(,|$)/.exec(line ?? '') ?? []
  return kilobytes === undefined ? undefined : Number(kilobytes) * 1024
}
