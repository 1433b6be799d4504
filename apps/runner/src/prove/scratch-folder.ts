import { chownSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type User, unprivilegedUser } from './unprivileged-user.ts'

export interface ScratchFolder {
  readonly path: string
  /** Who owns it and what is in it; undefined: we do. */
  readonly user: User | undefined
  /** Writes a file that only its owner reads; returns its path. */
  write(name: string, content: string): string
  remove(): void
}

/** A new folder for a program that refuses to run as root. */
export function scratchFolder(): ScratchFolder {
  const user = unprivilegedUser()
  const path = mkdtempSync(join(tmpdir(), 'athena-prove-'))
  const give = (file: string): void => user && chownSync(file, user.uid, user.gid)
  give(path)
  return {
    path,
    user,
    write(name, content) {
      const file = join(path, name)
      writeFileSync(file, content, { mode: 0o600 })
      give(file)
      return file
    },
    remove: () => rmSync(path, { recursive: true, force: true }),
  }
}
