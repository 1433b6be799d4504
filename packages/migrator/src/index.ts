export { type ApplyOptions, apply } from './apply.ts'
export { type Blocker, describeBlocker } from './blockers.ts'
export { catalogue } from './catalogue.ts'
export type { ChangedFile } from './changed.ts'
export { type DiscoverOptions, discover, type MigrationPackage } from './discover.ts'
export type { Applied, BatchProgress, IndexProgress, PlanEvents } from './events.ts'
export type { AppliedFunction, AppliedMigration } from './ledger.ts'
export { describeHolder, type LockHolder } from './lock.ts'
export type { Manifest, VariableDeclaration } from './manifest.ts'
export { nearest } from './nearest.ts'
export type { FunctionFile, MigrationFile } from './package-files.ts'
export { type Patience, readPatience } from './patience.ts'
export {
  type Plan,
  type PlannedFunction,
  type PlannedMigration,
  plan,
  type Target,
} from './plan.ts'
export { type Status, status } from './status.ts'
export { declarationsOf, resolveVariables, type VariableInputs } from './variables.ts'
