import { execFileSync } from 'node:child_process'
import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { anyoneElse, isRoot, type PostgresBinary, type PostgresMajor, scratchFolder } from './postgres-binaries.ts'

/** With the pgvector inside. */
export const images: readonly { image: string; version: PostgresMajor; pgvector: string }[] = [
  { image: 'pgvector/pgvector:0.8.0-pg17', version: 17, pgvector: '0.8.0' },
  { image: 'pgvector/pgvector:0.8.7-pg18', version: 18, pgvector: '0.8.7' },
]

export interface RichBinaries {
  binaries: readonly (PostgresBinary & { pgvector: string; folder: string })[]
  stop(): void
}

/**
 * Debian's builds of PostgreSQL 17 and 18 with pgvector, each in a container that does nothing. `bin` holds scripts that run the
 * program inside; `folder`, which the container has at the same path, takes the files that it has to read.
 * @throws Error where there is no Docker: ask hasDocker first
 */
export function startRichBinaries(): RichBinaries {
  const containers: string[] = []
  const binaries = images.map(({ image, version, pgvector }) => {
    const folder = scratchFolder()
    const bin = join(folder, 'bin')
    // An hour, so that a run that is killed leaves nothing for ever.
    const idle = ['--init', '--entrypoint', 'sleep', image, '3600']
    const container = docker('run', '--detach', '--rm', '--network=none', `--volume=${folder}:${folder}`, ...idle)
    containers.push(container)
    const { uid, gid } = isRoot ? anyoneElse : { uid: process.getuid?.() ?? 0, gid: process.getgid?.() ?? 0 }
    // initdb refuses a user who has no name.
    const named = `getent passwd ${uid} || echo "athena:x:${uid}:${gid}::/:/bin/sh" >>/etc/passwd`
    docker('exec', container, 'sh', '-c', named)
    mkdirSync(bin)
    for (const program of ['postgres', 'initdb']) {
      const inside = `docker exec -i -u ${uid}:${gid} ${container} /usr/lib/postgresql/${version}/bin/${program}`
      writeFileSync(join(bin, program), `#!/bin/sh\nexec ${inside} "$@"\n`, { mode: 0o755 })
    }
    return { name: `PostgreSQL ${version}, Debian's build`, version, build: 'rich' as const, bin, pgvector, folder }
  })
  return { binaries, stop: () => docker('rm', '--force', ...containers) }
}

function docker(...args: string[]): string {
  return execFileSync('docker', args, { encoding: 'utf8' }).trim()
}
