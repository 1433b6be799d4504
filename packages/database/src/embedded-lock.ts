import { AthenaError } from './errors.ts'
import { type FolderLock, type LockHolder, lockFolder, readHolder } from './folder-lock.ts'

/**
 * Two processes on one folder both open it and silently lose rows, so the folder is locked first: `<folder>.lock`.
 * The lock goes with the process however that ends; what is left after a kill -9 is taken over by the next one.
 * @throws AthenaError embedded_in_use, embedded_lock_unreadable
 */
export function lockEmbedded(folder: string): FolderLock {
  const file = `${folder}.lock`
  const lock = readable(file, lockFolder)
  if ('release' in lock) return releasedAtTheEnd(lock)
  const elsewhere = lock.host
  throw new AthenaError({
    code: 'embedded_in_use',
    message: 'the embedded database is in use by another process',
    detail: `${folder} is held by process ${lock.pid} on ${elsewhere} since ${lock.since}.`,
    hint: `Wait until it ends, or use a server (--database-url) where several processes work at once. If that process is surely gone: rm ${file}`,
  })
}

/** @throws AthenaError embedded_lock_unreadable */
export function readLock(file: string): LockHolder | undefined {
  return readable(file, readHolder)
}

function readable<T>(file: string, read: (file: string) => T): T {
  try {
    return read(file)
  } catch (cause) {
    if (!(cause instanceof SyntaxError)) throw cause
    throw new AthenaError({
      code: 'embedded_lock_unreadable',
      message: 'the lock of the embedded database cannot be read',
      detail: `${file}: ${cause.message}`,
      hint: `If no athena process is running: rm ${file}`,
      cause,
    })
  }
}

function releasedAtTheEnd(lock: FolderLock): FolderLock {
  const onExit = () => lock.release()
  const onSignal = (signal: NodeJS.Signals) => {
    // Whoever else listens closes the database in its own way, and the lock goes with the end of the process.
    if (process.listenerCount(signal) > 1) return
    release()
    process.kill(process.pid, signal)
  }
  function release() {
    process.off('exit', onExit)
    for (const signal of signals) process.off(signal, onSignal)
    lock.release()
  }
  process.on('exit', onExit)
  for (const signal of signals) process.on(signal, onSignal)
  return { release }
}

const signals = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const
