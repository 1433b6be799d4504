import { existsSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { AthenaError } from '@athena-pg/database'
import { defaultPackages } from '../config/config.ts'
import type { WrittenConfig } from '../config/config-faults.ts'

/** A new configuration for the folder of `file`, with the project's own migrations and functions where it has some. */
export function newConfig(file: string, variables: Readonly<Record<string, string>>): WrittenConfig {
  const has = (folder: string) => existsSync(join(dirname(file), folder))
  return {
    packages: [...defaultPackages],
    ...(has('migrations') && { migrations: './migrations' }),
    ...(has('functions') && { functions: './functions' }),
    variables: Object.fromEntries(
      Object.entries(variables).map(([name, value]) => [name, /^\d{1,15}$/.test(value) ? Number(value) : value]),
    ),
  }
}

/** @throws AthenaError config_exists */
export function refuseExisting(file: string): void {
  if (!existsSync(file)) return
  throw new AthenaError({
    code: 'config_exists',
    message: 'there is a configuration already',
    detail: file,
    hint: 'Edit it, or write it anew: athena init --force. A store that was installed with other values refuses new ones.',
  })
}

/** @throws AthenaError config_unwritable */
export function writeConfig(file: string, config: WrittenConfig): void {
  try {
    writeFileSync(file, `${JSON.stringify(config, null, 2)}\n`)
  } catch (cause) {
    throw new AthenaError({
      code: 'config_unwritable',
      message: 'the configuration cannot be written',
      detail: (cause as Error).message,
      cause,
    })
  }
}
