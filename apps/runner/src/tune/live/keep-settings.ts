import { type Setting, splitList } from '@athena-pg/policy'
import type pg from 'pg'
import type { LiveSettings } from './live-setting.ts'
import { serverValue } from './server-value.ts'
import { isSame, meaningOf } from './setting-value.ts'

/** A recommendation that does not fit this running server, and why. */
export interface Kept {
  readonly name: string
  readonly recommended: string
  readonly why: string
  /** --only NAME writes it all the same: a person decides. */
  readonly unlessNamed: boolean
}

export interface Fitted {
  readonly settings: readonly Setting[]
  readonly kept: readonly Kept[]
}

/** What the server holds that bounds its settings. */
export interface Held {
  readonly inRecovery: boolean
  readonly slots: number
  /** Bytes of WAL that the slot furthest behind holds back. */
  readonly retained: number
  /** Of clients, without the one that asks. */
  readonly sessions: number
}

export async function readHeld(client: pg.ClientBase): Promise<Held> {
  const { rows } = await client.query<Held>(
    // To a role without pg_read_all_stats a session of another role is of no type.
    `SELECT pg_is_in_recovery() AS "inRecovery", (SELECT count(*)::int FROM pg_catalog.pg_replication_slots) AS slots,
       coalesce((SELECT max(pg_wal_lsn_diff(
         CASE WHEN pg_is_in_recovery() THEN pg_last_wal_replay_lsn() ELSE pg_current_wal_lsn() END, restart_lsn))
         FROM pg_catalog.pg_replication_slots WHERE wal_status <> 'lost'), 0)::float8 AS retained,
       (SELECT count(*)::int FROM pg_catalog.pg_stat_activity WHERE datid IS NOT NULL AND pid <> pg_backend_pid()
         AND coalesce(backend_type, 'client backend') = 'client backend') AS sessions`,
  )
  return rows[0] as Held
}

/** A standby with less of these than its primary pauses its replay, or does not start (PostgreSQL: Hot Standby, Administrator's Overview). */
export const boundByPrimary: ReadonlySet<string> = new Set([
  'max_connections',
  'max_worker_processes',
  'max_wal_senders',
  'max_prepared_transactions',
  'max_locks_per_transaction',
])

/** Raised for extensions, logical replication, transactions over many tables: with less, those fail, maybe weeks later. */
const capacities: ReadonlySet<string> = new Set([
  'max_locks_per_transaction',
  'max_replication_slots',
  'max_wal_senders',
  'max_worker_processes',
])

/** Takes out what this server must keep, and adds to shared_preload_libraries what it loads already. */
export function fitToServer(recommended: readonly Setting[], live: LiveSettings, held: Held): Fitted {
  const kept: Kept[] = []
  const settings: Setting[] = []
  for (const each of recommended) {
    const setting = each.name === 'shared_preload_libraries' ? withLoaded(each, live) : each
    const why = reasonToKeep(setting, live, held)
    if (why === undefined) settings.push(setting)
    else
      kept.push({
        name: setting.name,
        recommended: setting.value,
        why,
        unlessNamed: why.includes(`--only ${setting.name}`),
      })
  }
  return { settings, kept }
}

function reasonToKeep({ name, value }: Setting, live: LiveSettings, held: Held): string | undefined {
  const found = serverValue(live, name)
  if (found === undefined) return undefined
  const current = meaningOf(found.setting, found.value)
  const wanted = meaningOf(found.setting, value)
  const isLower = typeof wanted === 'number' && typeof current === 'number' && wanted < current
  if (isLower && held.inRecovery && boundByPrimary.has(name)) {
    return 'on a standby it must not be lower than on its primary: lower it there first'
  }
  if (name === 'max_replication_slots' && typeof wanted === 'number' && wanted < held.slots) {
    return `the server has ${held.slots} replication slots and would not start with fewer`
  }
  if (name === 'max_connections' && isLower && wanted < held.sessions + reserved(live)) {
    return `${held.sessions} sessions are open, and would not all get in after a restart: first make the pools smaller, or say --connections`
  }
  // Nine tenths: WAL is kept in whole segments, and grows until the next checkpoint.
  if (name === 'max_slot_wal_keep_size' && typeof wanted === 'number' && 0.9 * wanted < held.retained) {
    return `a replication slot holds back ${Math.round(held.retained / 1024 ** 2)} MB of WAL: the next checkpoint would remove them, and its replica could not go on`
  }
  if (name === 'max_wal_senders' && isLower && wanted < held.slots) {
    return `the server has ${held.slots} replication slots, and who reads them would not all get in`
  }
  if (isLower && capacities.has(name) && current > Number(found.setting.boot)) {
    return `somebody raised it to ${current}; what needs it is not known, and little is won: --only ${name} lowers it`
  }
  if (name === 'listen_addresses' && !isSame(found.setting, value, found.value)) {
    return 'who can reach a running server is not changed in passing: --only listen_addresses changes it'
  }
  if (logsMore(name, current, wanted)) {
    return `the server logs more, perhaps for an audit: --only ${name} has it log less`
  }
  const isArchive = name === 'archive_command' || name === 'archive_library'
  if (isArchive && found.value !== '' && found.value !== '(disabled)' && found.value !== value) {
    return 'the server archives its WAL already, in its own way'
  }
  return undefined
}

function logsMore(name: string, current: unknown, wanted: unknown): boolean {
  if (name === 'log_statement') return (current === 'mod' || current === 'all') && current !== wanted
  return name === 'log_min_duration_statement' && Number(current) >= 0 && Number(current) < Number(wanted)
}

function reserved({ settings }: LiveSettings): number {
  return Number(settings.get('superuser_reserved_connections')?.setting ?? 3)
}

/** A library that is loaded has a reason to be: extensions, and data, may need it. */
function withLoaded(setting: Setting, live: LiveSettings): Setting {
  const found = serverValue(live, setting.name)
  const loaded = splitList(found?.value ?? '')
  const waiting = splitList(found?.written ?? '')
  const all = [...new Set([...loaded, ...waiting, ...splitList(setting.value)])]
  const value = all
    .map((item) => (/^[a-z0-9_$./-]+$/i.test(item) ? item : `"${item.replaceAll('"', '""')}"`))
    .join(', ')
  return { ...setting, value, amount: value }
}
