import { randomBytes } from 'node:crypto'
import { linkSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { isAlive, type ProcessIdentity, thisProcess } from './process-identity.ts'

/** Who holds a folder. */
export interface LockHolder extends ProcessIdentity {
  /** Unlike a pid, never used twice. */
  id: string
  /** ISO 8601. */
  since: string
}

export interface FolderLock {
  release(): void
}

/**
 * Takes the lock file, also from a holder that died without releasing it.
 * @returns the lock, or who holds it
 */
export function lockFolder(file: string): FolderLock | LockHolder {
  const holder: LockHolder = { id: randomBytes(6).toString('hex'), since: new Date().toISOString(), ...thisProcess() }
  const own = `${file}.${holder.id}.new`
  writeFileSync(own, `${JSON.stringify(holder)}\n`)
  try {
    const other = claim(file, own)
    if (other) return other
  } finally {
    rmSync(own, { force: true })
  }
  return {
    release() {
      if (readHolder(file)?.id === holder.id) rmSync(file, { force: true })
    },
  }
}

/**
 * `link` creates the file with its contents in one step, or fails: nobody ever reads half a lock.
 * Two processes that find the same dead holder must not both follow it. So the right to replace a dead holder is itself
 * a lock, named after that holder; whoever gets it looks again whether the dead one is still there, and replaces it by `rename`,
 * which gives up the right in the same step. A process that dies with the right in hand is followed in the same way.
 * Whoever has the right may still find that another was faster, so it is not told as the holder: who holds is asked again.
 */
function claim(file: string, own: string): LockHolder | undefined {
  const giveUp = Date.now() + longestSuccession
  for (;;) {
    try {
      linkSync(own, file)
      return undefined
    } catch (error) {
      if (!(error instanceof Error && 'code' in error && error.code === 'EEXIST')) throw error
    }
    const holder = readHolder(file)
    if (!holder) continue
    if (isAlive(holder)) return holder
    const right = `${file}.${holder.id}`
    const heir = claim(right, own)
    if (heir) {
      if (Date.now() >= giveUp) return heir
      pause(5)
      continue
    }
    if (readHolder(file)?.id === holder.id) {
      renameSync(right, file)
      return undefined
    }
    rmSync(right)
  }
}

/** Milliseconds; it takes a few, unless the one with the right is stopped, or died on another machine. */
const longestSuccession = 5000

function pause(milliseconds: number): void {
  Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, milliseconds)
}

/** @throws SyntaxError where the file is not ours */
export function readHolder(file: string): LockHolder | undefined {
  try {
    return JSON.parse(readFileSync(file, 'utf8')) as LockHolder
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return undefined
    throw error
  }
}
