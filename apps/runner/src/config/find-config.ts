import { existsSync } from 'node:fs'
import { dirname, join, resolve } from 'node:path'

export const configName = 'athena.config.json'

/** The file that --config names, there or not; else the nearest athena.config.json in this folder or above. */
export function findConfig(given: string | undefined, cwd: string): string | undefined {
  if (given !== undefined) return resolve(cwd, given)
  for (let folder = cwd; ; folder = dirname(folder)) {
    const file = join(folder, configName)
    if (existsSync(file)) return file
    if (folder === dirname(folder)) return undefined
  }
}
