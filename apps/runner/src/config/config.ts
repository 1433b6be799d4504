import { readFileSync } from 'node:fs'
import { AthenaError } from '@athena-pg/database'
import type { MigrationPackage } from '@athena-pg/migrator'
import type { Context } from '../context.ts'
import { configFaults, type Fault } from './config-faults.ts'

/** What a project says about its store. */
export interface Config {
  /** The file it was read from, where there is one. */
  file?: string | undefined
  /** Folder that relative paths start from. */
  project: string
  packages: string[]
  /** The project's own migrations. */
  migrations?: string | undefined
  /** The project's own functions. */
  functions?: string | undefined
  variables: Record<string, string>
  /** Named size of the server: `medium`. */
  profile?: string | undefined
  /** Facts about the server, as flags of `athena tune` have them. */
  server?: Readonly<Record<string, unknown>> | undefined
  /** The packages, where they were found and read already. */
  found?: readonly MigrationPackage[]
}

export const defaultPackages: readonly string[] = ['@athena-pg/schema', '@athena-pg/indices', '@athena-pg/partitions']

/** @throws AthenaError config_unreadable; malformed_config, with every fault at once */
export function loadConfig({
  configFile,
  project,
  config,
}: Pick<Context, 'configFile' | 'project' | 'config'>): Config {
  if (config !== undefined) return config
  if (configFile === undefined) return { project, packages: [...defaultPackages], variables: {} }
  const { value, faults } = configFaults(contents(configFile))
  if (faults.length > 0) throw malformedConfig(configFile, faults)
  return {
    file: configFile,
    project,
    packages: value.packages ?? [...defaultPackages],
    migrations: value.migrations,
    functions: value.functions,
    variables: Object.fromEntries(Object.entries(value.variables ?? {}).map(([name, each]) => [name, String(each)])),
    profile: value.profile,
    server: value.server,
  }
}

function contents(file: string): string {
  try {
    return readFileSync(file, 'utf8')
  } catch (cause) {
    throw new AthenaError({
      code: 'config_unreadable',
      message: 'the configuration cannot be read',
      detail: (cause as Error).message,
      hint: 'athena init writes one.',
      cause,
    })
  }
}

function malformedConfig(file: string, faults: readonly Fault[]): AthenaError {
  return new AthenaError({
    code: 'malformed_config',
    message: 'the configuration cannot be used',
    detail: faults.map(({ line, column, text }) => `${file}:${line}:${column}: ${text}`).join('\n'),
    hint: 'Correct the file, or write a new one: athena init --force',
  })
}
