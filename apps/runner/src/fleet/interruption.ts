import type { Context } from '../context.ts'
import type { FleetTarget } from './read-targets.ts'

export interface Interruption {
  /** Nothing further may be begun. */
  isOver(): boolean
  /** Resolves once the sessions of all databases are ended. */
  closed: Promise<void>
  /** The result is printed: the process may end. */
  settled(): void
}

/** Ctrl-C begins nothing further, ends the sessions of all databases, and waits for the result to be printed. */
export function closeAllOnInterrupt(
  context: Pick<Context, 'atEnd'>,
  targets: readonly Pick<FleetTarget, 'database'>[],
): Interruption {
  const closing = later()
  const settling = later()
  let isOver = false
  let isSettled = false
  context.atEnd(async () => {
    if (isSettled) return
    isOver = true
    await Promise.all(targets.map(({ database }) => database.close().catch(() => undefined)))
    closing.resolve()
    await settling.promise
  })
  return {
    isOver: () => isOver,
    closed: closing.promise,
    settled() {
      isSettled = true
      settling.resolve()
    },
  }
}

/** Promise.withResolvers, which Node 20 does not have. */
function later(): { promise: Promise<void>; resolve: () => void } {
  let resolve = (): void => {}
  const promise = new Promise<void>((settle) => {
    resolve = settle
  })
  return { promise, resolve }
}
