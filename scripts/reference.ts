// Writes every generated page anew: `pnpm reference`. Each file in reference/ makes some of them; CI runs this and accepts no diff.
import { mkdirSync, readdirSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import type { Generator } from './reference/page.ts'

const root = join(import.meta.dirname, '..')
const generators = readdirSync(join(import.meta.dirname, 'reference')).filter((file) => file !== 'page.ts')

for (const file of generators.sort()) {
  const { pages } = (await import(`./reference/${file}`)) as { pages: Generator }
  for (const { path, text } of await pages(root)) {
    mkdirSync(dirname(join(root, path)), { recursive: true })
    writeFileSync(join(root, path), text)
  }
}
