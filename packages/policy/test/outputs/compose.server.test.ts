import { execFileSync } from 'node:child_process'
import { join } from 'node:path'
import { profiles } from '@athena-pg/policy'
import { describe, expect, test } from 'vitest'
import { hasDocker } from '../../../../test/docker.ts'

const root = join(import.meta.dirname, '../../../..')

describe.runIf(hasDocker()).each(profiles)('the profile $name', ({ name }) => {
  test('laid over docker-compose.yml is a project that compose takes, with one configuration mounted', () => {
    const files = ['-f', 'docker-compose.yml', '-f', `configs/${name}/docker-compose.yml`]
    const json = execFileSync('docker', ['compose', ...files, 'config', '--format=json'], {
      cwd: root,
      encoding: 'utf8',
    })
    const { volumes } = JSON.parse(json).services.postgres
    const mounted = volumes.filter(({ target }: { target: string }) => target === '/etc/postgresql/postgresql.conf')
    expect(mounted).toMatchObject([{ source: join(root, 'configs', name, 'postgresql.conf'), read_only: true }])
  })
})
