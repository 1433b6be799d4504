import { type ChildProcessWithoutNullStreams, spawn } from 'node:child_process'
import { once } from 'node:events'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

export interface Outcome {
  status: number | NodeJS.Signals
  stdout: string
  stderr: string
}

export interface Surroundings {
  cwd?: string | undefined
  /** Beside PATH; no DATABASE_URL or PG* of the tester's gets in. */
  env?: Record<string, string> | undefined
  input?: string | undefined
}

/** Runs the command in a process of its own. */
export async function athena(args: readonly string[], surroundings: Surroundings = {}): Promise<Outcome> {
  const child = startAthena(args, surroundings)
  child.stdin.on('error', () => {}).end(surroundings.input)
  return outcome(child)
}

export function startAthena(
  args: readonly string[],
  { cwd = tmpdir(), env = {} }: Surroundings = {},
): ChildProcessWithoutNullStreams {
  const main = join(import.meta.dirname, '../src/main.ts')
  return spawn(process.execPath, ['--conditions=athena-src', main, ...args], {
    cwd,
    env: { PATH: process.env.PATH, HOME: '/nowhere', ...env },
  })
}

export async function outcome(child: ChildProcessWithoutNullStreams): Promise<Outcome> {
  let stdout = ''
  let stderr = ''
  child.stdout.setEncoding('utf8').on('data', (text) => {
    stdout += text
  })
  child.stderr.setEncoding('utf8').on('data', (text) => {
    stderr += text
  })
  const [status, signal] = await once(child, 'close')
  return { status: signal ?? status, stdout, stderr }
}
