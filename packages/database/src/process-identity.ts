import { readFileSync, readlinkSync } from 'node:fs'
import { hostname } from 'node:os'

/** Tells a process from every other one, also from a later one with the same pid. */
export interface ProcessIdentity {
  pid: number
  /** Clock ticks from boot to its start, where /proc tells. */
  started?: string | undefined
  host: string
  /** One boot of one kernel, where /proc tells. */
  boot?: string | undefined
  /** Containers on one machine have pids of their own. */
  pids?: string | undefined
}

export function thisProcess(): ProcessIdentity {
  return { pid: process.pid, started: processStatus(process.pid)?.started, ...machine() }
}

/** A process that cannot be looked at from here (another machine, another container) counts as alive. */
export function isAlive(identity: ProcessIdentity): boolean {
  const here = machine()
  if (identity.host !== here.host) return true
  if (identity.boot !== here.boot) return false
  if (!isHere(identity)) return true
  try {
    process.kill(identity.pid, 0)
  } catch (error) {
    // EPERM: there is one, of another user.
    if (error instanceof Error && 'code' in error && error.code === 'ESRCH') return false
  }
  const now = processStatus(identity.pid)
  // A killed process whose parent has not asked for its end (common in containers) still answers to its pid.
  return now === undefined || (now.started === identity.started && !'ZX'.includes(now.state))
}

/** Whether it can be looked at from here. */
export function isHere({ host, pids }: ProcessIdentity): boolean {
  const here = machine()
  return host === here.host && pids === here.pids
}

function machine(): Omit<ProcessIdentity, 'pid' | 'started'> {
  return {
    host: hostname(),
    boot: ifThere(() => readFileSync('/proc/sys/kernel/random/boot_id', 'utf8').trim()),
    pids: ifThere(() => readlinkSync('/proc/self/ns/pid')),
  }
}

/** Fields 3 and 22 of /proc/PID/stat, counted after the name, which may hold spaces and brackets. */
function processStatus(pid: number): { state: string; started: string } | undefined {
  const fields = ifThere(() =>
    readFileSync(`/proc/${pid}/stat`, 'utf8')
      .replace(/^.*\) /s, '')
      .split(' '),
  )
  const [state, started] = [fields?.[0], fields?.[19]]
  return state && started ? { state, started } : undefined
}

function ifThere<T>(read: () => T): T | undefined {
  try {
    return read()
  } catch {
    return undefined
  }
}
