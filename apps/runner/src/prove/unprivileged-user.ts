import { readFileSync } from 'node:fs'

export interface User {
  readonly uid: number
  readonly gid: number
}

const nobody: User = { uid: 65534, gid: 65534 }

/** Whom PostgreSQL and PgBouncer run as: both refuse root. undefined: we are somebody else already. */
export function unprivilegedUser(): User | undefined {
  if (process.getuid?.() !== 0) return undefined
  const lines = readPasswords().map((line) => line.split(':'))
  for (const wanted of ['postgres', 'nobody']) {
    const [, , uid, gid] = lines.find(([name]) => name === wanted) ?? []
    if (uid !== undefined && gid !== undefined) return { uid: Number(uid), gid: Number(gid) }
  }
  return nobody
}

function readPasswords(): string[] {
  try {
    return readFileSync('/etc/passwd', 'utf8').split('\n')
  } catch {
    return []
  }
}
