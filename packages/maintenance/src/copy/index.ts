export type { CopyCompared } from './compare-copy.ts'
export { type Copied, type CopyOptions, copy } from './copy.ts'
export type { CopyOrigin } from './ledger.ts'
