import { existsSync, realpathSync } from 'node:fs'
import { basename, dirname, join, resolve } from 'node:path'
import { readLock } from './embedded-lock.ts'
import { isAlive, isHere } from './process-identity.ts'

/** The process that has the embedded database open. */
export interface EmbeddedHolder {
  pid: number
  host: string
  /** ISO 8601. */
  since: string
  /** `dead`: the next process takes its place by itself. `elsewhere`: on another machine or in another container, so nobody here can tell. */
  state: 'alive' | 'dead' | 'elsewhere'
  /** The lock file. */
  file: string
}

/**
 * Who holds the folder; opens and changes nothing.
 * @throws AthenaError `embedded_lock_unreadable`
 */
export function embeddedHolder(folder: string): EmbeddedHolder | undefined {
  const parent = dirname(resolve(folder))
  if (!existsSync(parent)) return undefined
  // As the lock is named: with all links resolved.
  const real = existsSync(folder) ? realpathSync(folder) : join(realpathSync(parent), basename(folder))
  const file = `${real}.lock`
  const holder = readLock(file)
  if (holder === undefined) return undefined
  const { pid, host, since } = holder
  const state = !isAlive(holder) ? 'dead' : isHere(holder) ? 'alive' : 'elsewhere'
  return { pid, host, since, state, file }
}
