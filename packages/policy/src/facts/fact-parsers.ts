import { PolicyError } from '../policy-error.ts'
import { builds } from './builds.ts'
import { embeddingTypes, storages, versions, workloadKinds } from './choices.ts'
import type { FactName, GivenFacts } from './given-facts.ts'
import { parseCount } from './parse-count.ts'
import { parseSize } from './parse-size.ts'
import type { PostgresVersion } from './server-facts.ts'

type Parsers = { readonly [Name in keyof GivenFacts]-?: (given: string) => NonNullable<GivenFacts[Name]> }

/** From text as a flag has it to the fact. Each throws PolicyError with the reason in its message. */
export const factParsers: Parsers = {
  memory: parseSize,
  cpus: decimal,
  sharedMemory: parseSize,
  storage: oneOf(storages),
  walDisk: parseSize,
  hugePages: flag,
  postgres: parseVersion,
  build: oneOf(builds.map(({ name }) => name)),
  preload: parseNames,
  listen: parseAddresses,
  pgvector: (given) => given.trim().replace(/^v(?=\d)/, ''),
  tlsCertificate: String,
  tlsKey: String,
  tlsAuthority: String,
  workload: oneOf(workloadKinds),
  connections: parseCount,
  active: parseCount,
  pooled: flag,
  processes: parseCount,
  poolSize: parseCount,
  replicas: parseCount,
  pitr: flag,
  rows: parseCount,
  dimensions: parseCount,
  embeddingType: oneOf(embeddingTypes),
  growth: parseCount,
  partitions: parseCount,
}

/** Of all facts, as a profile file has them. */
export const factNames: readonly FactName[] = Object.keys(factParsers) as FactName[]

function oneOf<const T extends string>(choices: readonly T[]): (given: string) => T {
  return (given) => {
    const found = choices.find((each) => each === given.trim().toLowerCase())
    if (found !== undefined) return found
    throw malformed('malformed_choice', `"${given}" is not one of ${choices.join(', ')}`)
  }
}

function flag(given: string): boolean {
  if (given === 'true' || given === 'false') return given === 'true'
  throw malformed('malformed_flag', `"${given}" is neither true nor false`)
}

function decimal(given: string): number {
  if (/^\s*\d{1,6}(\.\d{1,6})?\s*$/.test(given)) return Number(given)
  throw malformed('malformed_number', `"${given}" is not a number`, 'For example 8, or 0.5 for half a cpu.')
}

/** `citus, pg_cron`; nothing for none, as an empty list in a file of facts. */
function parseNames(given: string): string[] {
  if (given.trim() === '') return []
  const names = given.split(',').map((name) => name.trim())
  if (names.every((name) => /^[\w$./-]+$/.test(name))) return names
  throw malformed('malformed_list', `"${given}" is not a list of libraries`, 'For example: citus,pg_cron')
}

/** Of listen_addresses: names and addresses, or `*`. */
function parseAddresses(given: string): string {
  const addresses = given.split(',').map((address) => address.trim())
  if (addresses.every((address) => /^(\*|[\w.:%-]+)$/.test(address))) return addresses.join(', ')
  throw malformed('malformed_list', `"${given}" is not a list of addresses`, 'For example * or localhost,10.0.0.5')
}

/** `17`, `17.4`, `v17`: settings differ between major versions only. */
function parseVersion(given: string): PostgresVersion {
  const [, major] = /^\s*v?(\d{1,3})(?:\.\d{1,3})?\s*$/.exec(given) ?? []
  const found = versions.find((each) => String(each) === major)
  if (found !== undefined) return found
  const hint = `There are ${versions.join(', ')}, or with a minor version: 17.4.`
  if (major === undefined) throw malformed('malformed_version', `"${given}" is not a version of PostgreSQL`, hint)
  throw malformed('unknown_version', `PostgreSQL ${given.trim()} is not known`, hint)
}

function malformed(code: string, message: string, hint?: string): PolicyError {
  return new PolicyError({ code, message, ...(hint && { hint }) })
}
