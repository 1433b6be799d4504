import { AthenaError } from '@athena-pg/database'
import { type FactSource, gatherFacts, type Profile } from '@athena-pg/policy'
import { flagSource } from './flag-source.ts'
import type { FactContext, ReadFacts } from './options.ts'
import { profileSources } from './profile-sources.ts'
import type { ServerSource } from './server-source.ts'

/**
 * Facts from the flags in factOptions and everything that they name.
 * @throws AthenaError malformed_flag, unknown_profile, malformed_profile, memory_unknown, and those of a connection;
 *   PolicyError missing_fact, impossible_facts
 */
export async function readFacts(context: FactContext): Promise<ReadFacts> {
  const { options } = context
  const flags = flagSource(options)
  const { file, named } = profileSources(context)
  const server = options['from-server'] ? await askServer(context) : undefined
  const sources: FactSource[] = [flags, ...file, ...(server === undefined ? [] : [server])]
  if (options.detect) {
    const { machineSource } = await import('./detect-machine.ts')
    sources.push(await machineSource())
  }
  if (named !== undefined) sources.push(profileSource(named, sources))
  if (server?.unread !== undefined) assertMachine(sources, server.unread)
  const { facts, origins } = gatherFacts(sources)
  return { facts, origins, ...(named !== undefined && { profile: named.name }) }
}

/** The connections of a profile go with its memory: a server of another size gets its own number. */
function profileSource({ name, facts }: Profile, others: readonly FactSource[]): FactSource {
  const { connections, ...rest } = facts
  const isOfSize = others.every((source) => source.facts.memory === undefined)
  return { origin: `profile ${name}`, facts: isOfSize ? facts : rest }
}

async function askServer({ openDatabase }: FactContext): Promise<ServerSource> {
  const { serverSource } = await import('./server-source.ts')
  const client = await (await openDatabase()).open('tune')
  try {
    return await serverSource(client)
  } finally {
    await client.end()
  }
}

/** @throws AthenaError memory_unknown */
function assertMachine(sources: readonly FactSource[], reason: string): void {
  const isTold = (name: 'memory' | 'cpus'): boolean => sources.some(({ facts }) => facts[name] !== undefined)
  if (isTold('memory') && isTold('cpus')) return
  throw new AthenaError({
    code: 'memory_unknown',
    message: 'the server does not tell how much memory and how many cpus it has',
    detail: reason,
    hint: 'Give them: --memory 16GB --cpus 8, or a profile of about its size: --profile medium',
    exit: 2,
  })
}
