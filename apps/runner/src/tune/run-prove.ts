import { resolve } from 'node:path'
import {
  PolicyError,
  type Recommendation,
  recommend,
  recommendationViolations,
  render,
  type ServerFacts,
  type Violation,
  violations,
} from '@athena-pg/policy'
import type { Context } from '../context.ts'
import { candidates, noBinary } from '../prove/candidates.ts'
import type { OpenBinary } from '../prove/open-binary.ts'
import { type ConfProof, proveConf } from '../prove/prove-conf.ts'
import { type PoolerProof, provePgbouncer } from '../prove/prove-pgbouncer.ts'
import { confFor, readConf } from '../prove/read-conf.ts'
import type { ConfText } from '../prove/refusals.ts'
import { amountOf } from '../prove/same-value.ts'
import { type Proof, proofLines } from '../show/proofs.ts'
import { type factOptions, type ReadFacts, readFacts } from './options.ts'
import type { proveOptions } from './prove-options.ts'

type ProveContext = Context<typeof factOptions & typeof proveOptions>

/** @throws AthenaError no_postgres_binary, postgres_binary_unusable, docker_image_unusable, file_unreadable; those of readFacts; PolicyError memory_too_small */
export async function runProve(context: ProveContext): Promise<number> {
  const { options, env, cwd, json, print, talk } = context
  const file = options.file === undefined ? undefined : readConf(resolve(cwd, options.file))
  const told = await factsToldBy(context)
  const wanted = told !== undefined && isTold(told.origins.postgres) ? told.facts.postgres.version : undefined
  const proofs: Proof[] = []
  const skipped: { binary: string; version: string; reason: string }[] = []
  const named = options['postgres-bin'] ?? []
  for (const candidate of await candidates({ env, cwd, named }, options.docker ?? [])) {
    const early = candidate.major === undefined ? undefined : reasonToSkip(candidate.major)
    if (early !== undefined) {
      skipped.push({ binary: candidate.location, version: candidate.version ?? '', reason: early })
      continue
    }
    talk(`asking ${candidate.location}`)
    const binary = await candidate.open(context.atEnd)
    try {
      const reason = reasonToSkip(binary.major)
      if (reason === undefined) proofs.push(await prove(binary))
      else skipped.push({ binary: binary.location, version: binary.version, reason })
    } finally {
      await binary.close()
    }
  }
  if (proofs.length === 0)
    throw noBinary(
      wanted,
      skipped.map(({ version, binary }) => `${version} in ${binary}`),
    )
  const pgbouncer = told === undefined || file !== undefined ? null : await provePooler(recommend(told.facts))
  if (json) print(JSON.stringify({ file: options.file ?? null, proofs, skipped, pgbouncer }))
  else for (const line of proofLines(proofs, pgbouncer)) print(line)
  for (const { version, binary, reason } of skipped) talk(`not asked: PostgreSQL ${version} in ${binary}: ${reason}`)
  if (file !== undefined && told === undefined)
    talk('note: no facts were told (--memory, --cpus, …), so what PostgreSQL lets pass was not looked at')
  const isAccepted = proofs.every((proof) => proof.verdict === 'accepted' && proof.violations.length === 0)
  return isAccepted && pgbouncer?.verdict !== 'refused' ? 0 : 1

  function reasonToSkip(major: number): string | undefined {
    if (wanted !== undefined && major !== wanted) return `the settings are for PostgreSQL ${wanted}`
    return major < 14 || major > 18 ? 'athena knows PostgreSQL 14 to 18' : undefined
  }

  async function prove(binary: OpenBinary): Promise<Proof> {
    const facts = told && (wanted ? told : await readFacts(forVersion(context, binary.major))).facts
    if (file !== undefined) return proofOfFile(binary, file, facts)
    return proofOfRecommendation(binary, recommend(facts as ServerFacts))
  }

  function provePooler(recommendation: Recommendation): Promise<PoolerProof> | null {
    if (recommendation.pools.pooler === undefined) return null
    const [ini, userlist] = render(recommendation, 'pgbouncer.ini')
    return provePgbouncer(ini?.content ?? '', userlist?.content ?? '', env)
  }
}

/** undefined: a file is to be proved, and nothing is told of the server that has it. */
async function factsToldBy(context: ProveContext): Promise<ReadFacts | undefined> {
  try {
    return await readFacts(context)
  } catch (error) {
    const isMissing = error instanceof PolicyError && error.code === 'missing_fact'
    if (isMissing && context.options.file !== undefined) return undefined
    throw error
  }
}

/** A profile's version is an example, and the default one a guess. */
function isTold(origin: string): boolean {
  return !/^(default|profile)\b/.test(origin)
}

function forVersion(context: ProveContext, major: number): ProveContext {
  return { ...context, options: { ...context.options, postgres: String(major) } }
}

async function proofOfRecommendation(binary: OpenBinary, recommendation: Recommendation): Promise<Proof> {
  const content = render(recommendation, 'postgresql.conf')[0]?.content ?? ''
  const proof = await proveConf(binary, { content }, recommendation.settings)
  const estimate = recommendation.memory.parts.find(({ name }) => name === 'shared memory')?.bytes ?? null
  return { ...asProof(binary, proof, recommendationViolations(recommendation)), estimatedSharedMemory: estimate }
}

async function proofOfFile(binary: OpenBinary, file: ConfText, facts: ServerFacts | undefined): Promise<Proof> {
  const proof = await proveConf(binary, await confFor(binary, file))
  const amounts = [...proof.settings.values()].map((setting) => ({ name: setting.name, amount: amountOf(setting) }))
  const found = facts === undefined || amounts.length === 0 ? [] : violations(amounts, facts)
  return asProof(binary, proof, found)
}

function asProof(binary: OpenBinary, proof: ConfProof, found: readonly Violation[]): Proof {
  return {
    binary: binary.location,
    version: binary.version,
    verdict: proof.refusals.length === 0 ? 'accepted' : 'refused',
    checked: proof.checked,
    refusals: proof.refusals,
    notChecked: proof.notChecked,
    sharedMemory: proof.sharedMemory ?? null,
    estimatedSharedMemory: null,
    hugePages: proof.hugePages ?? null,
    violations: found,
  }
}
