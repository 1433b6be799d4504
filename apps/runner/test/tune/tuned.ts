import type { Database } from '@athena-pg/database'
import { temporaryFolder } from '../../../../test/packages.ts'
import type { Outcome } from '../athena.ts'
import { inProcess } from '../in-process.ts'
import { conforming } from '../json-schemas.ts'

/** What `athena tune …` prints as JSON, of the published form; no database may be opened. */
export async function tuned(
  args: readonly string[],
  cwd: string = temporaryFolder(),
): Promise<{ readonly status: Outcome['status']; readonly value: Record<string, unknown> }> {
  const none = new Proxy({} as Database, {
    get: () => {
      throw new Error('a database was opened')
    },
  })
  const outcome = await inProcess(['tune', ...args], cwd, none)
  const words = args[0] === 'explain' ? ['tune', 'explain'] : ['tune']
  return { status: outcome.status, value: (await conforming(words, outcome)) as Record<string, unknown> }
}
