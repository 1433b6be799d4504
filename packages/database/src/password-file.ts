import { readFileSync, statSync } from 'node:fs'
import { homedir } from 'node:os'
import { join } from 'node:path'

interface Login {
  host: string
  port: number
  user: string
  database: string
}

/**
 * The password that PGPASSFILE or ~/.pgpass has for a login, by libpq's rules. pg reads that file too, but warns that it
 * will stop doing so.
 */
export function passwordFromFile(login: Login, file: string = defaultFile()): string | undefined {
  let lines: string[]
  try {
    // Like ssh with keys, libpq takes no passwords from a file that others may read.
    if (process.platform !== 'win32' && (statSync(file).mode & 0o077) !== 0) return undefined
    lines = readFileSync(file, 'utf8').split(/\r?\n/)
  } catch {
    return undefined
  }
  const wanted = [login.host.startsWith('/') ? 'localhost' : login.host, String(login.port), login.database, login.user]
  for (const line of lines) {
    if (line === '' || line.startsWith('#')) continue
    const fields = line.match(/(?:\\.|[^:\\])+/g)?.map((field) => field.replace(/\\(.)/g, '$1')) ?? []
    if (fields.length >= 5 && wanted.every((value, index) => fields[index] === '*' || fields[index] === value)) {
      return fields.slice(4).join(':')
    }
  }
  return undefined
}

function defaultFile(): string {
  if (process.platform === 'win32') return join(process.env.APPDATA ?? homedir(), 'postgresql', 'pgpass.conf')
  return join(homedir(), '.pgpass')
}
