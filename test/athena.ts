import { type ChildProcess, spawn } from 'node:child_process'
import { fileURLToPath } from 'node:url'

const main = fileURLToPath(new URL('../apps/runner/src/main.ts', import.meta.url))

export interface Ended {
  status: number | null
  signal: NodeJS.Signals | null
  stdout: string
  stderr: string
}

export interface Child {
  process: ChildProcess
  ended: Promise<Ended>
}

/**
 * Where a child runs and what it connects to: PG* variables of the machine are kept from it, and NODE_PATH, by which a package
 * manager's shim would let it find what its own folder does not have.
 */
export interface Place {
  cwd: string
  env: Record<string, string>
}

/** Starts the command line in a process of its own. */
export function athena(args: readonly string[], place: Place): Child {
  return node(main, args, place)
}

/** Starts a TypeScript file of ours in a process of its own. */
export function node(file: string, args: readonly string[], { cwd, env }: Place): Child {
  const kept = Object.fromEntries(
    Object.entries(process.env).filter(([name]) => !/^(PG|DATABASE_URL|NODE_OPTIONS|NODE_PATH|VITEST)/.test(name)),
  )
  const child = spawn(process.execPath, ['--conditions=athena-src', file, ...args], {
    cwd,
    env: { ...kept, ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  const output = { stdout: '', stderr: '' }
  for (const stream of ['stdout', 'stderr'] as const) {
    child[stream].setEncoding('utf8').on('data', (text: string) => {
      output[stream] += text
    })
  }
  const ended = new Promise<Ended>((resolve, reject) => {
    child.once('error', reject)
    child.once('close', (status, signal) => resolve({ status, signal, ...output }))
  })
  return { process: child, ended }
}
