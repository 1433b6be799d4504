import { spawn } from 'node:child_process'

export interface Ran {
  /** null: ended by a signal, or never started. */
  readonly status: number | null
  readonly stdout: string
  readonly stderr: string
  /** Why it could not be started: `spawn … EACCES`. */
  readonly failure?: string
}

export interface RunOptions {
  readonly input?: string
  /** Whose rights it gets; undefined: ours. */
  readonly user?: { readonly uid: number; readonly gid: number } | undefined
  readonly cwd?: string
  /** Milliseconds after which it is killed. */
  readonly timeout?: number
}

/** None of our runs takes a second on an idle machine. */
const patience = 60_000

/** Runs a program to its end. PostgreSQL's messages come in English, and PG* variables do not reach it. */
export function runProgram(program: string, args: readonly string[], options: RunOptions = {}): Promise<Ran> {
  const env = Object.fromEntries(Object.entries(process.env).filter(([name]) => !/^(PG|LC_|LANG)/.test(name)))
  return new Promise((resolve) => {
    const child = spawn(program, args, {
      ...options.user,
      cwd: options.cwd,
      env: { ...env, LC_ALL: 'C' },
      stdio: ['pipe', 'pipe', 'pipe'],
    })
    // Not spawn's own timeout: where the program cannot be started, that one goes on and keeps this process alive.
    const end = setTimeout(() => child.kill('SIGKILL'), options.timeout ?? patience)
    let stdout = ''
    let stderr = ''
    child.stdout.setEncoding('utf8').on('data', (text) => {
      stdout += text
    })
    child.stderr.setEncoding('utf8').on('data', (text) => {
      stderr += text
    })
    child.on('error', ({ message }) => {
      clearTimeout(end)
      resolve({ status: null, stdout, stderr, failure: message })
    })
    child.on('close', (status, signal) => {
      clearTimeout(end)
      const failure = signal === null ? {} : { failure: `${program} was ended by ${signal}` }
      resolve({ status, stdout, stderr, ...failure })
    })
    // A server that refuses its file ends without reading what is sent to it.
    child.stdin.on('error', () => {})
    child.stdin.end(options.input ?? '')
  })
}
