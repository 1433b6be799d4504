export { type ApplyOptions, apply } from './apply.ts'
export { catalogue } from './catalogue/catalogue.ts'
export { type DiscoverOptions, discover, type MigrationPackage } from './discover.ts'
export type { Applied, BatchProgress, IndexProgress, PlanEvents } from './events.ts'
export type { AppliedFunction, AppliedMigration } from './ledger.ts'
export { describeHolder, type LockHolder } from './lock.ts'
export type { Manifest, VariableDeclaration } from './manifest.ts'
export { nearest } from './nearest.ts'
export type { FunctionFile, MigrationFile } from './package-files.ts'
export {
  type Plan,
  type PlannedFunction,
  type PlannedMigration,
  plan,
  type Target,
} from './plan.ts'
export type { ChangedFile } from './planning/changed.ts'
export { type Status, status } from './status.ts'
export { declarationsOf, resolveVariables, type VariableInputs } from './variables.ts'
export { type Blocker, describeBlocker } from './waiting/blockers.ts'
export { type Patience, readPatience } from './waiting/patience.ts'
