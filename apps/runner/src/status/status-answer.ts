import type { Status } from '@athena-pg/migrator'
import type { Drift } from '@athena-pg/migrator/drift'

/** `up_to_date`; `pending`: `migrate up` has work; `drifted`: something that `migrate up` does not mend. */
export type StatusState = 'up_to_date' | 'pending' | 'drifted'

/** Exit statuses of `migrate status`. */
export const exitOf: Readonly<Record<StatusState, number>> = { up_to_date: 0, pending: 3, drifted: 4 }

/** What `migrate status --json` prints. */
export interface StatusAnswer {
  state: StatusState
  applied: { package: string; file: string; checksum: string; appliedAt: Date | string; undone: number | null }[]
  pending: { package: string; file: string; checksum: string }[]
  changed: { package: string; file: string; checksum: string | null; appliedChecksum: string }[]
  functions: {
    package: string
    file: string
    state: Status['functions'][number]['state']
    checksum: string | null
    appliedAt: Date | string | null
  }[]
  invalidIndexes: readonly string[]
  /** `different index athena.idx_memories_fts`; null where it was not compared. */
  drift: readonly string[] | null
}

export function statusAnswer(status: Status, drift?: Drift): StatusAnswer {
  const isDrifted = (drift?.findings.length ?? 0) > 0
  return {
    state: isDrifted ? 'drifted' : stateOf(status),
    applied: status.applied.map(({ package: name, file, checksum, appliedAt, undone }) => ({
      package: name,
      file,
      checksum,
      appliedAt,
      undone,
    })),
    pending: status.pending.map(({ package: name, name: file, checksum }) => ({ package: name, file, checksum })),
    changed: status.changed.map(({ package: name, file, checksum, appliedChecksum }) => ({
      package: name,
      file,
      checksum: checksum ?? null,
      appliedChecksum,
    })),
    functions: status.functions.map(({ package: name, name: file, state, applied, file: source }) => ({
      package: name,
      file,
      state,
      checksum: source?.checksum ?? null,
      appliedAt: applied?.appliedAt ?? null,
    })),
    invalidIndexes: status.invalidIndexes,
    drift: drift?.findings.map(({ state, object }) => `${state} ${object}`) ?? null,
  }
}

function stateOf({ applied, pending, changed, functions, invalidIndexes }: Status): StatusState {
  const isHalfDown = applied.some(({ undone }) => undone !== null)
  const isMissing = functions.some(({ state }) => state === 'missing')
  if (isHalfDown || isMissing || changed.length + invalidIndexes.length > 0) return 'drifted'
  return pending.length > 0 || functions.some(({ state }) => state !== 'applied') ? 'pending' : 'up_to_date'
}
