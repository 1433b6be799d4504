export type { Database } from './connect.ts'
export { AthenaError, type ErrorParts } from './errors.ts'
