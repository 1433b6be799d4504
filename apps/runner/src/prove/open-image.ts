import { randomUUID } from 'node:crypto'
import { AthenaError } from '@athena-pg/database'
import { versionIn } from './find-binaries.ts'
import { initdbOptions, type OpenBinary, unusable } from './open-binary.ts'
import { runProgram } from './run-program.ts'

const folder = '/tmp/athena-prove'
const data = `${folder}/data`
/** The container ends itself should nobody else do so, in seconds. */
const lifetime = '900'

/** The PostgreSQL of a docker image, in a container without network. @throws AthenaError `docker_image_unusable`, `postgres_binary_unusable` */
export async function openImage(image: string): Promise<OpenBinary> {
  const container = `athena-prove-${randomUUID()}`
  const start = ['run', '-d', '--rm', '--init', '--network', 'none', '--name', container, '--entrypoint', 'sleep']
  const started = await runProgram('docker', [...start, image, lifetime], { timeout: 600_000 })
  const close = async (): Promise<void> => void (await runProgram('docker', ['rm', '--force', '--volumes', container]))
  const inside = (args: readonly string[], input = '') =>
    runProgram('docker', ['exec', '-i', '--user', 'postgres', '--env', 'LC_ALL=C', container, ...args], { input })
  // Debian's packages keep postgres out of PATH, and pg_config tells where; Alpine's and others have it in PATH.
  const find =
    'PATH="$PATH:$(pg_config --bindir 2>/dev/null)"; for d in /usr/lib/postgresql/*/bin; do PATH="$PATH:$d"; done'
  try {
    if (started.status !== 0) throw unusableImage(image, started.failure ?? started.stderr.trim())
    const found = await inside(['sh', '-c', `${find}; dirname "$(command -v postgres)" && postgres --version`])
    const [bin = '', version = ''] = found.stdout.split('\n')
    const binary = versionIn(version, bin)
    if (binary === undefined) throw unusableImage(image, found.stderr.trim() || 'It has no postgres.')
    const made = await inside(['sh', '-c', `mkdir ${folder} && ${bin}/initdb -D ${data} ${initdbOptions.join(' ')}`])
    if (made.status !== 0) throw unusable(image, made)
    return {
      location: image,
      version: binary.version,
      major: binary.major,
      isLocal: false,
      data,
      run: (program, args, input) => inside([`${bin}/${program}`, ...args], input),
      // One `docker exec` for all: each takes longer than what it runs.
      async outputs(runs) {
        const commands = runs.map((args) => `${bin}/postgres ${args.map(quoted).join(' ')} 2>/dev/null; printf '\\036'`)
        return (await inside(['sh', '-s'], commands.join('\n'))).stdout.split('\u001e').slice(0, runs.length)
      },
      async write(name, content) {
        await inside(['sh', '-c', `umask 077; cat > ${folder}/${name}`], content)
        return `${folder}/${name}`
      },
      close,
    }
  } catch (error) {
    await close()
    throw error
  }
}

/** For a shell. */
function quoted(text: string): string {
  return `'${text.replaceAll("'", `'\\''`)}'`
}

function unusableImage(image: string, detail: string): AthenaError {
  return new AthenaError({
    code: 'docker_image_unusable',
    message: `no PostgreSQL could be run from the docker image ${image}`,
    detail,
    hint: 'Name an image with postgres and initdb in it: --docker pgvector/pgvector:pg18',
  })
}
