import { type Relation, rewritten } from './relations.ts'

export type LockMode =
  | 'ACCESS SHARE'
  | 'ROW SHARE'
  | 'ROW EXCLUSIVE'
  | 'SHARE UPDATE EXCLUSIVE'
  | 'SHARE'
  | 'SHARE ROW EXCLUSIVE'
  | 'EXCLUSIVE'
  | 'ACCESS EXCLUSIVE'

export interface TracedLock {
  /** Quoted and qualified table or view. */
  relation: string
  /** The strongest that the statement took, where none before it in its migration took as strong a one. */
  mode: LockMode
  /** The migration made the relation itself, so nobody waits for it. */
  isNew: boolean
  /** What other sessions cannot do with it until the end of the transaction. */
  blocks: 'reads and writes' | 'writes' | 'nothing'
  /** The statement wrote the table anew, which takes as long as the table is large. */
  rewrote: boolean
}

export interface TracedStatement {
  /** `package/file` */
  migration: string
  sql: string
  /** On the empty database; null where it was only watched from another session. */
  milliseconds: number | null
  /** Watched from another session while it ran, since it cannot run in a transaction. */
  isSampled: boolean
  locks: readonly TracedLock[]
}

const modes: readonly LockMode[] = [
  'ACCESS SHARE',
  'ROW SHARE',
  'ROW EXCLUSIVE',
  'SHARE UPDATE EXCLUSIVE',
  'SHARE',
  'SHARE ROW EXCLUSIVE',
  'EXCLUSIVE',
  'ACCESS EXCLUSIVE',
]

/** `AccessExclusiveLock` → `ACCESS EXCLUSIVE` */
export function modeOf(name: string): LockMode {
  const words = name.replace(/Lock$/, '').replaceAll(/(?<=[a-z])(?=[A-Z])/g, ' ')
  return words.toUpperCase() as LockMode
}

export function stronger(one: LockMode | undefined, other: LockMode): LockMode {
  return one !== undefined && modes.indexOf(one) > modes.indexOf(other) ? one : other
}

/** What was locked more strongly than before, strongest and existing relations first. */
export function locksOf(
  locks: ReadonlyMap<string, LockMode>,
  held: ReadonlyMap<string, LockMode>,
  relations: {
    existing: ReadonlyMap<string, Relation>
    before: ReadonlyMap<string, Relation>
    after: ReadonlyMap<string, Relation>
  },
): TracedLock[] {
  const { existing, before, after } = relations
  const wroteAnew = rewritten(before, after)
  const found: TracedLock[] = []
  for (const [oid, mode] of locks) {
    const relation = before.get(oid) ?? after.get(oid)
    const rewrote = wroteAnew.has(oid)
    if (relation === undefined || relation.isIndex || (held.get(oid) === mode && !rewrote)) continue
    const isNew = !existing.has(oid)
    found.push({ relation: relation.name, mode, isNew, blocks: blockedBy(mode), rewrote: rewrote && !isNew })
  }
  return found.sort(
    (a, b) =>
      Number(a.isNew) - Number(b.isNew) ||
      modes.indexOf(b.mode) - modes.indexOf(a.mode) ||
      (a.relation < b.relation ? -1 : 1),
  )
}

function blockedBy(mode: LockMode): TracedLock['blocks'] {
  if (mode === 'ACCESS EXCLUSIVE') return 'reads and writes'
  return modes.indexOf(mode) >= modes.indexOf('SHARE') ? 'writes' : 'nothing'
}
