import { type FactSource, gatherFacts } from '@athena-pg/policy'
import { flagSource } from './flag-source.ts'
import type { FactContext, ReadFacts } from './options.ts'
import { profileSources } from './profile-sources.ts'

/**
 * Facts from the flags in factOptions and everything that they name.
 * @throws AthenaError malformed_flag, unknown_profile, malformed_profile, and those of a connection; PolicyError missing_fact, impossible_facts
 */
export async function readFacts(context: FactContext): Promise<ReadFacts> {
  const { options } = context
  const flags = flagSource(options)
  const { file, named } = profileSources(context)
  const sources: FactSource[] = [flags, ...file]
  if (options['from-server']) {
    const { serverSource } = await import('./server-source.ts')
    sources.push(await serverSource(context, sources))
  }
  if (options.detect) {
    const { machineSource } = await import('./detect-machine.ts')
    sources.push(await machineSource())
  }
  if (named !== undefined) sources.push({ origin: `profile ${named.name}`, facts: named.facts })
  const { facts, origins } = gatherFacts(sources)
  return { facts, origins, ...(named !== undefined && { profile: named.name }) }
}
