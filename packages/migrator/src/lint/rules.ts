import { readdirSync } from 'node:fs'
import { extname, join } from 'node:path'
import { pathToFileURL } from 'node:url'
import type { Rule } from './rule.ts'

const folder = join(import.meta.dirname, 'rules')
/** `.ts` in the sources, `.js` when built. */
const extension = extname(import.meta.filename)
let rules: Promise<readonly Rule[]> | undefined

/** Every rule, sorted by id: each file in rules/ exports one as `rule`. */
export function loadRules(): Promise<readonly Rule[]> {
  rules ??= Promise.all(
    readdirSync(folder)
      .filter((file) => file.endsWith(extension) && !file.endsWith('.d.ts'))
      .sort()
      .map(async (file) => {
        const { rule } = (await import(pathToFileURL(join(folder, file)).href)) as { rule: Rule }
        return rule
      }),
  )
  return rules
}
