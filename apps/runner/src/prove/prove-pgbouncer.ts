import { spawn } from 'node:child_process'
import { existsSync } from 'node:fs'
import { delimiter, join } from 'node:path'
import { runProgram } from './run-program.ts'
import { type ScratchFolder, scratchFolder } from './scratch-folder.ts'

export interface PoolerProof {
  readonly verdict: 'accepted' | 'refused' | 'not proved'
  /** `1.24.1`; undefined: there is none on this machine. */
  readonly version?: string
  /** Its own words: why it refused, or what it warned of. */
  readonly messages: readonly string[]
}

/**
 * What is not the ini's own while it is proved: it opens no port, and its files are in a folder of their own. `user` is for a
 * start by root, and certificates are on the machine that is to have the file.
 */
export const replacedKeys = ['listen_addr', 'unix_socket_dir', 'pidfile', 'logfile', 'auth_file', 'user'] as const

/** Long enough for a machine that is busy with something else. */
const patience = 20_000

/** Starts the real PgBouncer with the file, since it has no option that only checks, and stops it once it is up. */
export async function provePgbouncer(
  ini: string,
  userlist: string,
  { PATH = '' }: NodeJS.ProcessEnv,
  beside: readonly string[] = usualFolders,
): Promise<PoolerProof> {
  const program = findPgbouncer([...PATH.split(delimiter).filter(Boolean), ...beside])
  if (program === undefined) return { verdict: 'not proved', messages: ['there is no pgbouncer on this machine'] }
  const [, version] = /PgBouncer (\S+)/i.exec((await runProgram(program, ['--version'])).stdout) ?? []
  const scratch = scratchFolder()
  try {
    scratch.write('userlist.txt', userlist)
    const outcome = await startAndStop(program, scratch.write('pgbouncer.ini', adapted(ini, scratch.path)), scratch)
    return { ...outcome, ...(version !== undefined && { version }) }
  } finally {
    scratch.remove()
  }
}

// Debian has it in a folder that only root's PATH names.
const usualFolders = ['/usr/sbin', '/usr/local/sbin', '/opt/homebrew/bin']

function findPgbouncer(folders: readonly string[]): string | undefined {
  return folders.map((folder) => join(folder, 'pgbouncer')).find((file) => existsSync(file))
}

/** The ini with the keys of `replacedKeys`, and those of certificates, pointing into a folder. */
export function adapted(ini: string, folder: string): string {
  const own = ['listen_addr =', `unix_socket_dir = ${folder}`, `auth_file = ${join(folder, 'userlist.txt')}`]
  const certificates = 'client_tls_\\w+|server_tls_\\w+_file|server_tls_sslmode\\s*=\\s*verify'
  const replaced = new RegExp(`^\\s*((${replacedKeys.join('|')})\\s*=|${certificates})`)
  return ini
    .split(/\r?\n/)
    .filter((line) => !replaced.test(line))
    .flatMap((line) => (line.trim() === '[pgbouncer]' ? [line, ...own] : [line]))
    .join('\n')
}

function startAndStop(program: string, ini: string, { user, path }: ScratchFolder): Promise<PoolerProof> {
  return new Promise((resolve) => {
    const child = spawn(program, [ini], { ...user, cwd: path, stdio: ['ignore', 'ignore', 'pipe'] })
    const end = setTimeout(() => child.kill('SIGKILL'), patience)
    let log = ''
    child.stderr.setEncoding('utf8').on('data', (text) => {
      log += text
      if (isUp(log)) child.kill('SIGTERM')
    })
    child.on('error', ({ message }) => {
      clearTimeout(end)
      resolve({ verdict: 'not proved', messages: [message] })
    })
    child.on('close', () => {
      clearTimeout(end)
      const messages = [...log.matchAll(/ (?:WARNING|ERROR|FATAL) (.*)$/gm)].map(([, message = '']) =>
        message.replaceAll(ini, 'pgbouncer.ini'),
      )
      resolve({
        verdict: isUp(log) ? 'accepted' : 'refused',
        messages: messages.length > 0 || isUp(log) ? messages : [log.trim()],
      })
    })
  })
}

function isUp(log: string): boolean {
  return / process up: /.test(log)
}
