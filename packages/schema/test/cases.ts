import type { Row } from './rows.ts'

/** A change to a good row, and the check that refuses it; for refusals that are no check's, the SQLSTATE. */
export type Case = readonly [change: Row, refusedBy: string]

/** By table: what its checks refuse, and changes that differ little from those and pass. */
export interface Cases {
  refusals: Record<string, readonly Case[]>
  nearMisses: Record<string, readonly Row[]>
}

/** A text of this many bytes. */
export const bytes = (count: number, character = 'a') => character.repeat(count / Buffer.byteLength(character))

/** An embedding whose elements `element` gives. */
export const embedding = (dimensions: number, element: (at: number) => number | string = () => 0.25) =>
  `[${Array.from({ length: dimensions }, (_, at) => element(at))}]`

/** The value that the row has in another column. */
export const sameAs = (column: string) => ({ sameAs: column })

export const isColumn = (value: unknown): value is ReturnType<typeof sameAs> =>
  typeof value === 'object' && value !== null && Object.hasOwn(value, 'sameAs')
