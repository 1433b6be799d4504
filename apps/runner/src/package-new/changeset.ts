import { existsSync } from 'node:fs'
import { dirname, join } from 'node:path'

/** `.changeset` of the repository that the folder will be part of, where it uses changesets. */
export function findChangesets(folder: string): string | undefined {
  for (let at = dirname(folder); ; at = dirname(at)) {
    if (existsSync(join(at, '.changeset/config.json'))) return join(at, '.changeset')
    if (at === dirname(at)) return undefined
  }
}

/** What `npx changeset` would write after asking. */
export function firstChangeset(name: string): string {
  return `---
'${name}': minor
---

The first release: notes about projects.
`
}

export function changesetConfig(): string {
  const config = {
    changelog: '@changesets/cli/changelog',
    commit: false,
    fixed: [],
    linked: [],
    access: 'restricted',
    baseBranch: 'main',
    updateInternalDependencies: 'patch',
    ignore: [],
  }
  return `${JSON.stringify(config, null, 2)}\n`
}
