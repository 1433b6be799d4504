import { spawnSync } from 'node:child_process'

export interface PsqlRun {
  status: number | null
  stdout: string
  stderr: string
}

/** By the port that they publish. */
const containers = new Map<string, string>()

/** Runs a script by plain psql: the one in the server's container, else the machine's own. */
export function psql(url: string, script: string): PsqlRun {
  const { port, username, pathname } = new URL(url)
  const container = containers.get(port) ?? containerOf(port)
  containers.set(port, container)
  const target = ['--no-psqlrc', '--quiet', '--file', '-']
  return container === ''
    ? run('psql', [...target, '--dbname', url], script)
    : run('docker', ['exec', '-i', container, 'psql', ...target, '-U', username, '-d', pathname.slice(1)], script)
}

/** Empty where none publishes it. Docker's own filter by port also finds one that publishes it over IPv6 alone. */
function containerOf(port: string): string {
  const lines = run('docker', ['ps', '--format', '{{.ID}} {{.Ports}}'], '').stdout.split('\n')
  const line = lines.find((each) => new RegExp(`\\s(0\\.0\\.0\\.0|127\\.0\\.0\\.1):${port}->`).test(each))
  return line?.split(' ')[0] ?? ''
}

function run(command: string, args: string[], input: string): PsqlRun {
  const { error, status, stdout, stderr } = spawnSync(command, args, { input, encoding: 'utf8' })
  if (error !== undefined && command !== 'docker') throw error
  return { status, stdout: stdout ?? '', stderr: stderr ?? '' }
}
