export type { CatalogueEntry } from './catalogue/catalogue-entry.ts'
export { catalogue, extensionCatalogue } from './catalogue/index.ts'
export { type Compared, type ComparedSetting, type Comparison, compareWith } from './compare/compare-with.ts'
export type { Refusal } from './compare/refusals.ts'
export { type Explanation, explain, settingNames } from './explain.ts'
export { type Build, builds } from './facts/builds.ts'
export { embeddingTypes, storages, versions, workloadKinds } from './facts/choices.ts'
export { factNames } from './facts/fact-parsers.ts'
export { type GatheredFacts, gatherFacts } from './facts/gather-facts.ts'
export type { FactName, FactSource, GivenFacts } from './facts/given-facts.ts'
export { type ParsedFacts, parseFacts } from './facts/parse-facts.ts'
export { parseSize } from './facts/parse-size.ts'
export { type Profile, profiles } from './facts/profiles.ts'
export type {
  Capabilities,
  EmbeddingType,
  PostgresVersion,
  ServerFacts,
  Storage,
  Workload,
  WorkloadKind,
} from './facts/server-facts.ts'
export { recommendationViolations } from './invariants/recommendation-invariants.ts'
export { type Amounts, type Violation, violations } from './invariants/setting-invariants.ts'
export { standbyViolations } from './invariants/standby-invariants.ts'
export { budget } from './memory/budget.ts'
export { outputs, render } from './outputs/index.ts'
export type { Output, OutputFile, RenderOptions } from './outputs/output.ts'
export { splitList } from './text/split-list.ts'
export { PolicyError, type PolicyErrorParts } from './policy-error.ts'
export { recommend } from './recommend.ts'
export type {
  MemoryBudget,
  MemoryPart,
  PoolAdvice,
  Recommendation,
  Setting,
  TableAdvice,
  TakesEffect,
  Warning,
} from './recommendation.ts'
export { topics } from './settings/index.ts'
export { kept } from './settings/kept.ts'
export type { Get, SettingRule, SettingValue, Source } from './settings/setting-rule.ts'
export type { BuildProposal, VectorAdvice, VectorBuild } from './vectors/vector-advice.ts'
