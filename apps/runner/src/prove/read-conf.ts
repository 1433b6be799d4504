import { readFileSync } from 'node:fs'
import { basename } from 'node:path'
import { AthenaError } from '@athena-pg/database'
import type { OpenBinary } from './open-binary.ts'
import type { ConfText } from './refusals.ts'
import { runProgram } from './run-program.ts'
import { unprivilegedUser } from './unprivileged-user.ts'

/** @throws AthenaError `file_unreadable` */
export function readConf(path: string): ConfText {
  try {
    return { path, content: readFileSync(path, 'utf8'), name: basename(path) }
  } catch (cause) {
    throw new AthenaError({
      code: 'file_unreadable',
      message: `${path} cannot be read`,
      detail: (cause as Error).message,
      hint: 'SHOW config_file on the server says where its file is.',
      exit: 2,
      cause,
    })
  }
}

/** The file as this binary can read it: in its place, with the files that it includes, or a copy without them. */
export async function confFor(binary: OpenBinary, conf: ConfText): Promise<ConfText> {
  const user = unprivilegedUser()
  const isReadable = user === undefined || (await runProgram('head', ['-c', '1', conf.path], { user })).status === 0
  if (binary.isLocal && isReadable) return conf
  return { ...conf, path: await binary.write('postgresql.conf', conf.content) }
}
