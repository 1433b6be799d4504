import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { join } from 'node:path'

/** A process of its own, running a file beside the specs. */
export interface Child {
  process: ChildProcess
  pid: number
  /** The next line that it prints; undefined when it ended. */
  line(): Promise<string | undefined>
  stderr(): string
  /** How it ended: exit status or signal. */
  ended: Promise<number | NodeJS.Signals>
}

export function startChild(file: string, args: readonly string[], options: { cwd?: string; uid?: number } = {}): Child {
  const child = spawn(process.execPath, ['--conditions=athena-src', join(import.meta.dirname, file), ...args], options)
  const lines: string[] = []
  let rest = ''
  let errors = ''
  let wake = () => {}
  let over = false
  child.stdout.setEncoding('utf8').on('data', (text: string) => {
    const parts = (rest + text).split('\n')
    rest = parts.pop() as string
    lines.push(...parts)
    wake()
  })
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    errors += text
  })
  const ended = once(child, 'close').then(([status, signal]) => {
    over = true
    wake()
    return (signal ?? status) as number | NodeJS.Signals
  })
  return {
    process: child,
    pid: child.pid as number,
    stderr: () => errors,
    ended,
    async line() {
      while (lines.length === 0 && !over) {
        await new Promise<void>((resolve) => {
          wake = resolve
        })
      }
      return lines.shift()
    },
  }
}
