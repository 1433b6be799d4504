import type { Setting, TakesEffect } from '@athena-pg/policy'
import { byImportance } from './importance.ts'
import type { LiveSettings, SessionSetting } from './live-setting.ts'
import { serverValue } from './server-value.ts'
import { isSame, shown } from './setting-value.ts'

/**
 * `different`: a change of the files would change it; `written`: the files have it, the server waits for a reload or restart;
 * `overridden`: the command line of the server beats every file.
 */
export type State = 'different' | 'written' | 'overridden'

export interface Difference {
  readonly name: string
  readonly state: State
  /** null: not set, or of an extension that is not loaded. */
  readonly current: string | null
  readonly origin: string
  readonly recommended: string
  readonly takesEffect: TakesEffect
  readonly reason: string
}

export interface Comparison {
  /** Most important first. */
  readonly differences: readonly Difference[]
  /** Names of settings that are as recommended. */
  readonly same: readonly string[]
  /** Settings that this role does not see. */
  readonly unreadable: readonly string[]
  /** What roles and databases set for their sessions, of the settings recommended. */
  readonly sessions: readonly SessionSetting[]
}

/** Compares by what values mean, not by how they are written. */
export function compareSettings(settings: readonly Setting[], live: LiveSettings): Comparison {
  const differences: Difference[] = []
  const same: string[] = []
  const unreadable: string[] = []
  for (const { name, value, takesEffect, reason } of settings) {
    const found = serverValue(live, name)
    if (found === undefined && !name.includes('.')) {
      unreadable.push(name)
      continue
    }
    const state = found === undefined ? 'different' : stateOf(found, value)
    if (state === 'same') same.push(name)
    else {
      const current = found === undefined ? null : shown(found.setting, found.value)
      differences.push({
        name,
        state,
        current,
        origin: found?.origin ?? 'not set',
        recommended: value,
        takesEffect,
        reason,
      })
    }
  }
  const names = new Set(settings.map(({ name }) => name))
  const sessions = live.sessions.filter(({ name }) => names.has(name))
  return { differences: byImportance(differences), same, unreadable, sessions }
}

function stateOf(
  { setting, value, written, isOverridden }: NonNullable<ReturnType<typeof serverValue>>,
  recommended: string,
): State | 'same' {
  const isWritten = written !== undefined && isSame(setting, written, recommended)
  // -1 of wal_buffers and the like: the server shows what it made of it.
  const isComputed = recommended === '-1' && (isWritten || (written === undefined && setting.boot === '-1'))
  if (isSame(setting, value, recommended) || isComputed) {
    return written === undefined || isWritten || isOverridden ? 'same' : 'different'
  }
  if (isOverridden) return 'overridden'
  return isWritten ? 'written' : 'different'
}
