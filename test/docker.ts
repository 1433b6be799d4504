import { spawnSync } from 'node:child_process'

/**
 * Whether a spec can start a server of its own. Where it cannot, such specs show as skipped; ATHENA_REQUIRE_SERVER=1 lets
 * them run, and fail.
 */
export function hasDocker(): boolean {
  if (process.env.ATHENA_REQUIRE_SERVER === '1') return true
  const has = spawnSync('docker', ['version'], { stdio: 'ignore' }).status === 0
  if (!has) console.warn('SKIPPED: specs that need a server of their own, since there is no Docker')
  return has
}
