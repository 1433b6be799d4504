import { readFileSync } from 'node:fs'
import { AthenaError } from '@athena-pg/database'
import { checkMapping, type Mapping } from '@athena-pg/maintenance/adopt'
import { JsonFault, parseJson } from '../parse-json.ts'

/**
 * The mapping in a file; whether it fits the tables is found out against them.
 * @throws AthenaError mapping_unreadable, malformed_mapping
 */
export function readMapping(file: string): Mapping {
  let text: string
  try {
    text = readFileSync(file, 'utf8')
  } catch (cause) {
    throw new AthenaError({
      code: 'mapping_unreadable',
      message: `${file} cannot be read`,
      detail: (cause as Error).message,
      hint: `athena adopt --suggest > ${file} drafts one.`,
      exit: 2,
      cause,
    })
  }
  try {
    const { value, repeated } = parseJson(text)
    const twice = repeated[0]
    if (twice) throw new JsonFault(twice.offset, `"${twice.path}" is given twice`)
    return checkMapping(value)
  } catch (error) {
    if (!(error instanceof JsonFault)) throw error
    const before = text.slice(0, error.offset).split('\n')
    throw new AthenaError({
      code: 'malformed_mapping',
      message: 'the mapping cannot be read',
      detail: `${file}:${before.length}:${(before.at(-1) ?? '').length + 1}: ${error.message}`,
      hint: 'Correct the file and run the command again. Nothing was written.',
      exit: 2,
    })
  }
}
