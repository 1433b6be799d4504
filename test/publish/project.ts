import { mkdirSync, writeFileSync } from 'node:fs'
import { delimiter, join } from 'node:path'
import { inject } from 'vitest'
import { type Node, plainEnvironment, run } from './run.ts'

/** A folder of somebody who installs our packages, far from the repository. */
export interface Project {
  folder: string
  env: NodeJS.ProcessEnv
  install(...packages: string[]): Promise<void>
  /** Runs the installed command; @returns what it printed on stdout */
  athena(args: readonly string[], node?: Node): Promise<string>
  /** Runs a module that may import what is installed; @returns its stdout */
  script(source: string, node?: Node): Promise<string>
}

/** @param surroundings beside the plain environment and that of the registry: DATABASE_URL for one */
export function emptyProject(client: 'npm' | 'pnpm', name: string, surroundings: Record<string, string> = {}): Project {
  const published = inject('published')
  const folder = join(published.folder, name)
  const env = { ...plainEnvironment(), ...published.env, ...surroundings }
  mkdirSync(folder)
  writeFileSync(join(folder, 'package.json'), JSON.stringify({ name, private: true, type: 'module' }))
  const on = (node: Node | undefined) =>
    node === undefined ? env : { ...env, PATH: [node.folder, env.PATH].join(delimiter) }
  return {
    folder,
    env,
    install: async (...packages) =>
      void (await run(client, [client === 'npm' ? 'install' : 'add', ...packages], folder, env)),
    athena: (args, node) =>
      client === 'npm'
        ? run('npx', ['--no', '--', 'athena', ...args], folder, on(node))
        : run('pnpm', ['exec', 'athena', ...args], folder, on(node)),
    script: (source, node) => run('node', ['--input-type=module', '-'], folder, on(node), source),
  }
}
