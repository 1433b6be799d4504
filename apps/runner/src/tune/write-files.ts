import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { dirname, join, relative, resolve } from 'node:path'
import { AthenaError } from '@athena-pg/database'
import type { OutputFile } from '@athena-pg/policy'
import type { Context } from '../context.ts'

/** Every output that has comments says in its first lines who wrote it. */
const mark = 'athena tune'

/**
 * Writes the files into the folder, which is made where it is not there.
 * @returns their paths, as the person would type them
 * @throws AthenaError foreign_file; nothing is written then
 */
export function writeFiles(
  { cwd, options }: Pick<Context, 'cwd'> & { readonly options: { readonly force: boolean | undefined } },
  folder: string,
  files: readonly OutputFile[],
): string[] {
  const targets = files.map(({ name, content }) => ({ path: join(resolve(cwd, folder), name), content }))
  const foreign = options.force ? [] : targets.filter(({ path, content }) => isForeign(path, content))
  if (foreign.length > 0) {
    throw new AthenaError({
      code: 'foreign_file',
      message: 'a file that athena did not write would be overwritten',
      detail: foreign.map(({ path }) => relative(cwd, path)).join('\n'),
      hint: 'Name another folder, or overwrite it: --force. Nothing was written.',
    })
  }
  for (const { path, content } of targets) {
    mkdirSync(dirname(path), { recursive: true })
    writeFileSync(path, content)
  }
  return targets.map(({ path }) => relative(cwd, path))
}

function isForeign(path: string, content: string): boolean {
  if (!existsSync(path)) return false
  const present = readFileSync(path, 'utf8')
  return present !== content && present !== '' && !present.slice(0, 500).includes(mark)
}
