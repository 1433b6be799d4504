import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { AthenaError, connect, type Database } from '@athena-pg/database'
import { copy } from '@athena-pg/maintenance/copy'
import type { Context } from '../context.ts'
import { malformedFlag, wholeNumber } from '../malformed-flag.ts'
import { asTable } from '../show/as-table.ts'
import { drawLine } from '../show/bar.ts'
import { isServerUrl, refuseOtherUrl } from './server-url.ts'

export interface CopyFlags {
  from: string
  to?: string | undefined
  project?: readonly string[] | undefined
  batch: string
  'dry-run'?: boolean | undefined
}

type Copying = Pick<Context, 'json' | 'print' | 'talk' | 'isTerminal' | 'env' | 'project' | 'atEnd'> & {
  options: CopyFlags
}

/** `athena copy`. @returns the exit status */
export async function runCopy(context: Copying): Promise<number> {
  const { options, json, print, talk, isTerminal, env } = context
  const batch = wholeNumber('batch', options.batch, 100_000, 1000)
  const to = options.to
  if (to === undefined || !isServerUrl(to)) throw notAStore('--to', to, 'the URL of a server')
  const dryRun = options['dry-run'] ?? false
  const database = await openSource(context)
  // An interrupt calls these as well: the folder of the embedded database is free again, no statement goes on at the server.
  context.atEnd(() => database.close())
  const other = await connect({ url: to, env })
  context.atEnd(() => other.close())
  const source = await database.open('copy source')
  const target = await other.open('copy')
  const isShown = isTerminal && !json
  const origin = { location: database.location, projects: options.project ?? [] }
  let current = ''
  const progress = (unit: string, rows: number): void => {
    if (isShown) drawLine(`athena.${unit}: ${rows} rows`)
    else if (unit !== current && !json) talk(`copying athena.${unit}`)
    current = unit
  }
  const copied = await copy(source, target, origin, { batch, dryRun, progress }).finally(() => {
    if (isShown) drawLine('')
  })
  if (json) print(JSON.stringify({ dryRun, ...copied }))
  else for (const line of lines(copied.tables, dryRun)) print(line)
  if (dryRun) talk('next: athena copy, with the same flags and without --dry-run')
  else if (copied.same) talk(`next: DATABASE_URL=postgres://${encodeURI(other.location)} athena ping`)
  else talk('the copy differs: rows of one side were changed meanwhile. Its progress stays in athena_copy.')
  return copied.same ? 0 : 1
}

function lines(tables: Awaited<ReturnType<typeof copy>>['tables'], dryRun: boolean): string[] {
  const rows = tables.map((each) => [
    `athena.${each.table}`,
    String(each.sourceRows),
    String(each.targetRows),
    ...(dryRun ? [] : [each.checksum.source === each.checksum.target ? 'equal' : 'DIFFERS']),
  ])
  return asTable(['table', 'source', 'target', ...(dryRun ? [] : ['content'])], rows)
}

/** @throws AthenaError store_missing, malformed_flag */
async function openSource({ options, project, env }: Copying): Promise<Database> {
  if (isServerUrl(options.from)) return connect({ url: options.from, env })
  if (options.from !== 'embedded') throw notAStore('--from', options.from, 'embedded, or the URL of a server')
  const folder = join(project, '.athena', 'data')
  if (existsSync(folder)) return connect({ env: {}, folder })
  // Opening would make one, and there would be nothing in it.
  throw new AthenaError({
    code: 'store_missing',
    message: 'there is no embedded database here',
    detail: `${folder} does not exist.`,
    hint: 'Run the command in the folder of the project, or name it by --config FILE.',
  })
}

function notAStore(flag: string, given: string | undefined, wanted: string): AthenaError {
  if (given !== undefined) refuseOtherUrl(flag, given, wanted)
  return malformedFlag(
    given === undefined ? `${flag} is missing` : `${flag} ${given} is not ${wanted}`,
    'For example athena copy --from embedded --to postgres://athena@db.example.com/app',
  )
}
