import { existsSync, readFileSync } from 'node:fs'
import { dirname, join, resolve } from 'node:path'
import { AthenaError } from '@athena-pg/database'
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
  variables: Record<string, string>
}

export const configName = 'athena.config.json'
const defaultPackages: readonly string[] = ['@athena-pg/schema', '@athena-pg/indices', '@athena-pg/partitions']

/**
 * The file that --config names, else the nearest one in this folder or above.
 * @throws AthenaError config_missing
 */
export function findConfig(given: string | undefined, cwd: string): string | undefined {
  if (given !== undefined) {
    const file = resolve(cwd, given)
    if (existsSync(file)) return file
    throw new AthenaError({
      code: 'config_missing',
      message: 'the configuration file does not exist',
      detail: file,
      hint: 'athena init writes one.',
      exit: 2,
    })
  }
  for (let folder = cwd; ; folder = dirname(folder)) {
    const file = join(folder, configName)
    if (existsSync(file)) return file
    if (folder === dirname(folder)) return undefined
  }
}

/** @throws AthenaError malformed_config, with every fault at once */
export function loadConfig({ configFile, project }: { configFile: string | undefined; project: string }): Config {
  if (configFile === undefined) return { project, packages: [...defaultPackages], variables: {} }
  const { value, faults } = configFaults(readFileSync(configFile, 'utf8'))
  if (faults.length > 0) throw malformedConfig(configFile, faults)
  return {
    file: configFile,
    project,
    packages: value.packages ?? [...defaultPackages],
    migrations: value.migrations,
    variables: Object.fromEntries(Object.entries(value.variables ?? {}).map(([name, each]) => [name, String(each)])),
  }
}

function malformedConfig(file: string, faults: readonly Fault[]): AthenaError {
  return new AthenaError({
    code: 'malformed_config',
    message: `${configName} cannot be used`,
    detail: faults.map(({ line, column, text }) => `${file}:${line}:${column}: ${text}`).join('\n'),
    hint: 'Correct the file, or write a new one with athena init --force.',
  })
}
