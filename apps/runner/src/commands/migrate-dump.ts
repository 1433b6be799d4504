import { writeFileSync } from 'node:fs'
import { resolve } from 'node:path'
import { AthenaError } from '@athena-pg/database'
import { catalogue } from '@athena-pg/migrator'
import type pg from 'pg'
import { defineCommand } from '../command.ts'
import { didYouMean } from '../command-line/did-you-mean.ts'
import { closed, listOf, text, textOrNull } from '../json-shapes.ts'

export const command = defineCommand({
  summary: 'Write the catalogue of the live database as text, the same on every engine and version',
  details:
    'Reads only. Commit it, and a review shows what a migration changes. It is for reading and comparing, not for restoring: it holds no rows, owners or grants.',
  examples: ['athena migrate dump --output schema.sql', 'athena migrate dump --schema athena --schema shop'],
  options: {
    schema: {
      type: 'string',
      multiple: true,
      value: 'NAME',
      description: 'Schema to describe (athena); may be given several times',
    },
    output: { type: 'string', value: 'FILE', description: 'Write it to this file; else to standard output' },
  },
  output: closed({ schemas: listOf(text), file: textOrNull, text: textOrNull }),
  async run({ options, json, print, talk, cwd, openDatabase }) {
    const schemas = [...new Set(options.schema ?? ['athena'])]
    const client = await (await openDatabase()).open('migrate dump')
    const found = await described(client, schemas).finally(() => client.end())
    const file = options.output
    if (file !== undefined) write(resolve(cwd, file), found)
    if (json) print(JSON.stringify({ schemas, file: file ?? null, text: file === undefined ? found : null }))
    else if (file === undefined) print(found.trimEnd())
    else print(`wrote ${file}`)
    talk(file === undefined ? 'next: athena migrate dump --output schema.sql' : `next: git diff ${file}`)
    return 0
  },
})

async function described(client: pg.Client, schemas: readonly string[]): Promise<string> {
  const { rows } = await client.query<{ name: string }>(
    "SELECT nspname AS name FROM pg_namespace WHERE nspname !~ '^pg_' ORDER BY 1",
  )
  const names = rows.map(({ name }) => name)
  const missing = schemas.filter((name) => !names.includes(name))
  if (missing[0] !== undefined) {
    throw new AthenaError({
      code: 'schema_missing',
      message: `the database has no schema ${missing.map((name) => `"${name}"`).join(', ')}`,
      detail: `There are ${names.join(', ')}.`,
      hint: (await didYouMean(missing[0], names, (name) => `--schema ${name}`)) ?? 'athena migrate up makes the store.',
    })
  }
  return catalogue(client, schemas)
}

/** @throws AthenaError `file_unwritable` */
function write(file: string, text: string): void {
  try {
    writeFileSync(file, text)
  } catch (cause) {
    throw new AthenaError({
      code: 'file_unwritable',
      message: `${file} cannot be written`,
      detail: (cause as Error).message,
      hint: 'Give a file in a folder that exists and is yours to write: --output FILE',
      cause,
    })
  }
}
