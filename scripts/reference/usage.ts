import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { listPage } from '../../apps/runner/src/command-line/help.ts'
import type { Page } from './page.ts'

const readmes = ['README.md', 'apps/runner/README.md']
const markers = /(<!-- usage:start -->\n).*?(<!-- usage:end -->)/s

/** The list of commands between the markers of the READMEs. */
export async function pages(root: string): Promise<readonly Page[]> {
  const block = `\`\`\`text\n${await listPage()}\n\`\`\`\n`
  return readmes.map((path) => {
    const text = readFileSync(join(root, path), 'utf8')
    if (!markers.test(text)) throw new Error(`${path} has no <!-- usage:start --> and <!-- usage:end -->`)
    return { path, text: text.replace(markers, (_, start: string, end: string) => `${start}${block}${end}`) }
  })
}
