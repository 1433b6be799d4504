import { isAutoConf, type LiveSetting, type LiveSettings, lastEntry } from './live-setting.ts'
import { isSame } from './setting-value.ts'

/** What the server itself uses, apart from what a role, a database or a client set for a session. */
export interface ServerValue {
  readonly setting: LiveSetting
  /** As in pg_settings, in its unit, or as a file has it. */
  readonly value: string
  /** For people: `default`, `ALTER SYSTEM`, `postgresql.conf:65`, `command line`. */
  readonly origin: string
  /** What the files say now, whether or not the server has read it; undefined: nothing, or not for this role to see. */
  readonly written: string | undefined
  /** On the command line of the server: no file changes it. */
  readonly isOverridden: boolean
}

/** Sources of pg_settings that belong to the asking session alone. */
const ofSession: ReadonlySet<string> = new Set(['database', 'user', 'database user', 'client', 'session', 'global'])

export function serverValue(live: LiveSettings, name: string): ServerValue | undefined {
  const setting = live.settings.get(name)
  if (setting === undefined) return undefined
  const entry = live.files === undefined ? undefined : lastEntry(live.files, name)
  const written = entry?.setting
  // Those of TCP answer with what the socket of this session has: nothing, on a unix socket.
  if (ofSession.has(setting.source) || name.startsWith('tcp_')) {
    const origin = entry === undefined ? 'default' : place(entry.file, entry.line)
    return { setting, value: written ?? setting.boot ?? setting.setting, origin, written, isOverridden: false }
  }
  const isOverridden = setting.source === 'command line'
  return { setting, value: setting.setting, origin: originOf(setting), written, isOverridden }
}

/**
 * Whether only a restart brings what the files say into effect. pg_settings.pending_restart also stays on after a value was taken
 * back, and is on for what the command line overrides.
 */
export function waitsForRestart({ setting, value, written, isOverridden }: ServerValue): boolean {
  if (setting.context !== 'postmaster' || isOverridden) return false
  const next = written ?? setting.boot
  // -1: computed at the start.
  return next !== null && next !== '-1' && !isSame(setting, value, next)
}

function originOf({ source, file, line }: LiveSetting): string {
  if (file !== null) return place(file, line)
  if (source === 'environment variable') return 'environment'
  return source === 'dynamic default' ? 'default' : source
}

function place(file: string, line: number | null): string {
  return isAutoConf(file) ? 'ALTER SYSTEM' : `${file}:${line}`
}
