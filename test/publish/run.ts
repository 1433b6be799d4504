import { spawn } from 'node:child_process'
import { existsSync, realpathSync } from 'node:fs'
import { delimiter, dirname, join } from 'node:path'

export const repository: string = join(import.meta.dirname, '../..')

export interface Ran {
  status: number | null
  stdout: string
  stderr: string
}

/** Runs a command to its end, whatever that is. */
export function attempt(
  command: string,
  args: readonly string[],
  cwd: string,
  env: NodeJS.ProcessEnv,
  input = '',
): Promise<Ran> {
  const child = spawn(command, args, { cwd, env, stdio: ['pipe', 'pipe', 'pipe'] })
  child.stdin.on('error', () => undefined).end(input)
  const output = { stdout: '', stderr: '' }
  for (const stream of ['stdout', 'stderr'] as const) {
    child[stream].setEncoding('utf8').on('data', (text: string) => {
      output[stream] += text
    })
  }
  return new Promise((resolve, reject) => {
    child.once('error', reject)
    child.once('close', (status) => resolve({ status, ...output }))
  })
}

/** @returns what it printed; @throws Error with all of it where it failed */
export async function run(
  command: string,
  args: readonly string[],
  cwd: string,
  env: NodeJS.ProcessEnv,
  input = '',
): Promise<string> {
  const { status, stdout, stderr } = await attempt(command, args, cwd, env, input)
  if (status === 0) return stdout
  throw new Error(`${command} ${args.join(' ')} ended with ${status} in ${cwd}\n${stdout}\n${stderr}`)
}

/**
 * The machine's own environment, without what vitest, a tester's database and this repository put there: NODE_PATH above all, by which
 * our packages would be found from everywhere.
 */
export function machineEnvironment(): NodeJS.ProcessEnv {
  const kept = Object.entries(process.env).filter(
    ([name]) => !/^(PG|DATABASE_URL$|ATHENA_|NODE_OPTIONS$|NODE_PATH$|NODE_ENV$|VITEST|CI$|FORCE_COLOR$)/i.test(name),
  )
  const folders = (process.env.PATH ?? '').split(delimiter).filter((folder) => !folder.startsWith(repository))
  return { ...Object.fromEntries(kept), PATH: folders.join(delimiter), NO_COLOR: '1' }
}

/** The same without settings of package managers, of which `pnpm run` hands on its own: the registry for one. */
export function plainEnvironment(): NodeJS.ProcessEnv {
  return Object.fromEntries(Object.entries(machineEnvironment()).filter(([name]) => !/^p?npm_/i.test(name)))
}

export interface Node {
  major: number
  /** To put first on PATH. */
  folder: string
}

/** One of each major version that is there: the workspace's own, and what the machine has. */
export async function nodes(): Promise<Node[]> {
  const folders = [dirname(process.execPath), ...(plainEnvironment().PATH ?? '').split(delimiter)]
  const found = new Map<number, Node>()
  for (const folder of folders.filter((each) => existsSync(join(each, 'node')))) {
    const version = await run(realpathSync(join(folder, 'node')), ['--version'], repository, process.env)
    const major = Number(/^v(\d+)/.exec(version)?.[1])
    if (!found.has(major)) found.set(major, { major, folder })
  }
  return [...found.values()]
}
