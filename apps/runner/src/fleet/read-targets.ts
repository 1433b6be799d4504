import { readFileSync } from 'node:fs'
import { dirname, relative, resolve } from 'node:path'
import { AthenaError, connect, type Database, type ServerAddress, serverAddress } from '@athena-pg/database'
import { nearest } from '@athena-pg/migrator'
import type { Fault } from '../config/config-faults.ts'
import { type TargetFile, targetFaults, urlMembers, type WrittenTarget } from './target-faults.ts'

/** One database among many; nothing has been sent to it yet. */
export interface FleetTarget {
  name: string
  variables: Record<string, string>
  isCanary: boolean
  database: Database
}

export interface TargetsPlace {
  /** `-` is standard input. */
  file: string
  cwd: string
  env: NodeJS.ProcessEnv
  /** Names of the variables that a target may set. */
  settable: readonly string[]
}

/**
 * Reads a targets file, and the URLs that it names.
 * @throws AthenaError targets_unreadable; malformed_targets, with every fault at once and never with a URL
 */
export async function readTargets(place: TargetsPlace): Promise<FleetTarget[]> {
  const file = place.file === '-' ? '-' : resolve(place.cwd, place.file)
  const read = targetFaults(contents(file))
  const targets: FleetTarget[] = []
  const known = new Map<string, string>()
  // Where a target itself is malformed there is nothing yet to look up.
  if (read.faults.length === 0) {
    for (const [index, written] of read.targets.entries()) {
      const url = urlOf(written, index, read, file === '-' ? place.cwd : dirname(file), place.env)
      if (url !== undefined) {
        try {
          const address = serverAddress(url, place.env)
          const twin = known.get(sameDatabase(address))
          if (twin !== undefined)
            read.faults.push(read.faultAt(index, memberOf(written), `this is the database of "${twin}", too`))
          known.set(sameDatabase(address), written.name)
          targets.push(await targetOf(written, url, place.env))
        } catch (error) {
          if (!(error instanceof AthenaError)) throw error
          const why = [error.message, error.detail].filter(Boolean).join(': ')
          read.faults.push(read.faultAt(index, memberOf(written), why))
        }
      }
      read.faults.push(...unknownVariables(written, index, read, place.settable))
    }
  }
  if (read.faults.length > 0)
    throw malformed(file === '-' ? 'standard input' : relative(place.cwd, file) || file, read.faults)
  return targets
}

async function targetOf(written: WrittenTarget, url: string, env: NodeJS.ProcessEnv): Promise<FleetTarget> {
  const { name, variables = {}, canary = false } = written
  return {
    name,
    variables: Object.fromEntries(Object.entries(variables).map(([each, value]) => [each, String(value)])),
    isCanary: canary,
    database: await connect({ url, env }),
  }
}

function urlOf(
  written: WrittenTarget,
  index: number,
  { faults, faultAt }: TargetFile,
  folder: string,
  env: NodeJS.ProcessEnv,
): string | undefined {
  const { url, urlEnv, urlFile } = written
  if (url !== undefined) return url
  if (urlEnv !== undefined) {
    if (env[urlEnv]) return env[urlEnv]
    faults.push(faultAt(index, 'urlEnv', `the environment variable ${urlEnv} is not set`))
    return undefined
  }
  try {
    const found = readFileSync(resolve(folder, urlFile ?? ''), 'utf8').trim()
    if (found !== '') return found
    faults.push(faultAt(index, 'urlFile', 'the file is empty'))
  } catch (error) {
    faults.push(faultAt(index, 'urlFile', (error as Error).message))
  }
  return undefined
}

/** By address: two names of one server are not recognised, and then the second run finds the lock, or nothing to do. */
function sameDatabase({ host: name, port, database, parameters }: ServerAddress): string {
  const host = parameters.hostaddr ?? name
  const where = ['localhost', '::1', '[::1]'].includes(host.toLowerCase()) ? '127.0.0.1' : host.toLowerCase()
  return JSON.stringify([where, port, database])
}

function unknownVariables(
  { variables = {} }: WrittenTarget,
  index: number,
  { faultAt }: TargetFile,
  settable: readonly string[],
): Fault[] {
  return Object.keys(variables)
    .filter((name) => !settable.includes(name))
    .map((name) => {
      const near = nearest(name, settable)
      const hint = near === undefined ? '' : `; did you mean "${near}"?`
      return faultAt(index, `variables.${name}`, `no package declares the variable "${name}"${hint}`)
    })
}

function memberOf(written: WrittenTarget): string {
  return urlMembers.find((member) => written[member] !== undefined) ?? 'url'
}

function contents(file: string): string {
  try {
    return readFileSync(file === '-' ? 0 : file, 'utf8')
  } catch (cause) {
    throw new AthenaError({
      code: 'targets_unreadable',
      message: 'the file of --targets cannot be read',
      detail: (cause as Error).message,
      hint: 'It is a JSON list: [{ "name": "eu-1", "urlEnv": "EU_1_URL" }]',
      exit: 2,
      cause,
    })
  }
}

function malformed(file: string, faults: readonly Fault[]): AthenaError {
  const sorted = faults.toSorted((a, b) => a.line - b.line || a.column - b.column)
  return new AthenaError({
    code: 'malformed_targets',
    message: 'the targets cannot be used',
    detail: sorted.map(({ line, column, text }) => `${file}:${line}:${column}: ${text}`).join('\n'),
    hint: 'Correct the file. No database was touched.',
    exit: 2,
  })
}
