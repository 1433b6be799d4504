import { cpSync, existsSync, globSync, mkdirSync, readdirSync, readFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { machineEnvironment, plainEnvironment, repository, run } from './run.ts'

/**
 * A copy of the work tree in which releases are made, so that the original stays as it is: the files that git knows or would
 * know, with a history of their own, since changelogs name commits.
 */
export async function copyWorkspace(folder: string): Promise<void> {
  const listed = await run('git', ['ls-files', '-z', '-co', '--exclude-standard'], repository, plainEnvironment())
  // A file that was deleted and not yet committed is still listed.
  for (const file of listed.split('\0').filter((name) => name !== '' && existsSync(join(repository, name)))) {
    mkdirSync(dirname(join(folder, file)), { recursive: true })
    cpSync(join(repository, file), join(folder, file))
  }
  await run('git', ['init', '--quiet'], folder, plainEnvironment())
  await commit(folder, 'Copy the work tree')
  await run('pnpm', ['install', '--frozen-lockfile', '--prefer-offline'], folder, machineEnvironment())
}

/** As docs/guides/releasing.md says: applies the changesets, builds, and publishes what the registry does not have. */
export async function release(folder: string, registry: string, env: NodeJS.ProcessEnv): Promise<void> {
  const changeset = (args: string[]) =>
    run(process.execPath, [join(folder, 'node_modules/@changesets/cli/bin.js'), ...args], folder, env)
  await assertPublishesTo(registry, folder, env)
  // Right after a release there is nothing to apply, which changesets takes for an error.
  if (globSync(join(folder, '.changeset/*.md')).length > 0) {
    await changeset(['version'])
    await commit(folder, 'Release')
  }
  await run('pnpm', ['build'], folder, { ...plainEnvironment(), TURBO_TELEMETRY_DISABLED: '1' })
  await changeset(['publish', '--no-git-tag'])
}

/**
 * Nothing that a person or a package manager left in the environment may send this anywhere else: `pnpm run` hands on its own
 * registry in variables, which go before the npmrc.
 */
async function assertPublishesTo(registry: string, folder: string, env: NodeJS.ProcessEnv): Promise<void> {
  for (const client of ['npm', 'pnpm']) {
    const answer = (await run(client, ['config', 'get', 'registry'], folder, env)).trim()
    if (answer !== registry) throw new Error(`${client} would publish to ${answer}, not to ${registry}`)
  }
}

export async function commit(folder: string, message: string): Promise<void> {
  const who = ['-c', 'user.name=test', '-c', 'user.email=test@example.invalid', '-c', 'commit.gpgsign=false']
  await run('git', ['add', '--all'], folder, plainEnvironment())
  await run('git', [...who, 'commit', '--quiet', '--no-verify', '-m', message], folder, plainEnvironment())
}

export interface ReleasedPackage {
  name: string
  version: string
  /** Relative to the root of the workspace. */
  folder: string
}

/** Every package of the workspace that npm gets, with the version that it has in this copy. */
export function releasedPackages(copy: string): ReleasedPackage[] {
  return ['packages', 'apps']
    .flatMap((parent) => readdirSync(join(copy, parent)).map((name) => join(parent, name)))
    .map((folder) => ({ folder, manifest: JSON.parse(readFileSync(join(copy, folder, 'package.json'), 'utf8')) }))
    .filter(({ manifest }) => manifest.private !== true)
    .map(({ folder, manifest }) => ({ folder, name: manifest.name, version: manifest.version }))
}
