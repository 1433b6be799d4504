import { AthenaError } from '@athena-pg/database'
import type { Setting } from '@athena-pg/policy'
import { findBinaries } from '../../prove/find-binaries.ts'
import { openBinary } from '../../prove/open-binary.ts'
import { proveConf } from '../../prove/prove-conf.ts'
import type { LiveSetting, LiveSettings } from './live-setting.ts'
import { serverValue } from './server-value.ts'

/**
 * Lets a PostgreSQL of the same major version on this machine make the checks of a start, with the numbers and flags that the
 * server has now and those that are to be written. Texts and enums are left out: another build has other libraries and values.
 * @returns the folder of the binary; undefined: there is none
 * @throws AthenaError `restart_refused` with PostgreSQL's words
 */
export async function proveRestart(
  place: { readonly env: NodeJS.ProcessEnv; readonly cwd: string },
  version: number,
  live: LiveSettings,
  written: readonly Setting[],
): Promise<string | undefined> {
  const major = Math.floor(version / 10_000)
  const found = (await findBinaries({ ...place, named: [] })).find((each) => each.major === major)
  if (found === undefined) return undefined
  const values = new Map<string, string>()
  for (const { name, context, type } of live.settings.values()) {
    const server = context === 'postmaster' && isPlain(type) ? serverValue(live, name) : undefined
    if (server === undefined) continue
    // What waits for the restart already comes into effect with it as well.
    const next = server.isOverridden ? server.value : server.written
    if (next !== undefined) values.set(name, next)
  }
  for (const { name, value } of written) {
    if (isPlain(live.settings.get(name)?.type)) values.set(name, value)
  }
  const content = [...values].map(([name, value]) => `${name} = '${value}'`).join('\n')
  const binary = await openBinary(found)
  try {
    const { refusals } = await proveConf(binary, { content: `${content}\n` }, [])
    if (refusals.length === 0) return found.folder
    throw new AthenaError({
      code: 'restart_refused',
      message: 'with these settings the server would not start again',
      detail: [
        ...refusals.map(({ setting, message, detail }) => [setting, message, detail].filter(Boolean).join(': ')),
        `PostgreSQL ${found.version} in ${found.folder} says so.`,
      ].join('\n'),
      hint: '--reload-only leaves out what needs a restart; --skip NAME leaves out one. Nothing was changed.',
    })
  } finally {
    await binary.close()
  }
}

function isPlain(type: LiveSetting['type'] | undefined): boolean {
  return type === 'integer' || type === 'real' || type === 'bool'
}
