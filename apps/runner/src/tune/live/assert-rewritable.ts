import { AthenaError } from '@athena-pg/database'
import { type FileSetting, isAutoConf } from './live-setting.ts'

/**
 * ALTER SYSTEM writes all of postgresql.auto.conf anew, and a line break in a value (which only an editor can have put there) as
 * one that ends the line: then no ALTER SYSTEM reads the file any more, and the server does not start. So 17 and 18 do.
 * @throws AthenaError `auto_conf_unwritable`
 */
export function assertRewritable(files: readonly FileSetting[]): void {
  const broken = files.filter(({ file, setting }) => isAutoConf(file) && setting.includes('\n'))
  if (broken.length === 0) return
  throw new AthenaError({
    code: 'auto_conf_unwritable',
    message: 'ALTER SYSTEM would break postgresql.auto.conf',
    detail: `${broken.map(({ file, line, name }) => `${file}:${line} ${name}`).join('\n')}\nThe value has a line break, which PostgreSQL cannot write back: with it the server would not start again.`,
    hint: 'Take that line out of the file with an editor. Nothing was changed.',
  })
}
