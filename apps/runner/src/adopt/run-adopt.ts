import { AthenaError, connect, type Database } from '@athena-pg/database'
import {
  adopt,
  dropLedger,
  ledgerCounts,
  type Origin,
  type Prepared,
  prepare,
  type Sessions,
  sourceTables,
  suggest,
  verify,
} from '@athena-pg/maintenance/adopt'
import type { Context } from '../context.ts'
import { wholeNumber } from '../malformed-flag.ts'
import { readMapping } from './read-mapping.ts'
import { isServerUrl, refuseOtherUrl } from './server-url.ts'
import { leftLines, planLines, resultLines } from './show-adoption.ts'
import { showBar } from './show-bar.ts'

export interface AdoptFlags {
  from?: string | undefined
  schema?: string | undefined
  mapping?: string | undefined
  suggest?: boolean | undefined
  'time-zone'?: string | undefined
  batch: string
  'allow-rejects'?: boolean | undefined
  'retry-rejects'?: boolean | undefined
  'dry-run'?: boolean | undefined
  finish?: boolean | undefined
}

type Adopting = Pick<Context, 'json' | 'print' | 'talk' | 'isTerminal' | 'env' | 'openDatabase' | 'atEnd'> & {
  options: AdoptFlags
}

/** `athena adopt`. @returns the exit status */
export async function runAdopt(context: Adopting): Promise<number> {
  const { options } = context
  const batch = wholeNumber('batch', options.batch, 100_000, 1000)
  const mapping = options.mapping === undefined ? undefined : readMapping(options.mapping)
  const database = await context.openDatabase()
  if (options.finish) return finish(context, database)
  const from = options.from ?? 'public'
  const isUrl = isServerUrl(from)
  refuseOtherUrl('--from', from, 'a schema, or the URL of a server')
  // What was typed goes before what the file says.
  const named = options.schema ?? (isUrl ? undefined : options.from)
  const schema = named ?? mapping?.schema ?? 'public'
  refuseOwnSchema(schema)
  const other = isUrl ? await connect({ url: from, env: context.env }) : undefined
  context.atEnd(async () => other?.close())
  try {
    const target = await database.open('adopt')
    const source = await (other ?? database).open('adopt source')
    const origin = { location: (other ?? database).location, schema }
    const sessions = { source, target }
    if (options.suggest) return await suggestMapping(context, sessions, schema)
    const retry = options['retry-rejects'] ?? false
    const prepared = await prepare(sessions, origin, mapping, options['time-zone'], retry)
    if (options['dry-run']) return dryRun(context, prepared)
    const bar = showBar(context, prepared)
    await adopt(sessions, origin, prepared.units, { batch, retry, progress: bar.progress }).finally(bar.clear)
    return await result(context, sessions, origin, prepared)
  } finally {
    await other?.close()
  }
}

async function suggestMapping(
  { print, talk, options }: Adopting,
  { source }: Sessions,
  schema: string,
): Promise<number> {
  const mapping = suggest(await sourceTables(source, schema), schema, options['time-zone'])
  print(JSON.stringify(mapping, undefined, 2))
  for (const [name, table] of Object.entries(mapping.tables)) {
    if (table === null) talk(`left out: table ${name}`)
    const undecided = Object.entries(table?.columns ?? {}).filter(([, each]) => each === '?')
    if (table?.project === '?') talk(`to decide: ${name}.project, the name of the project that its rows go to`)
    for (const [column] of undecided) talk(`to decide: ${name}.${column}`)
  }
  // Not with the URL that was typed: it may hold a password.
  const from = options.from === undefined || !isServerUrl(options.from) ? '' : ' --from URL'
  talk(`next: save it as mapping.json, then athena adopt${from} --mapping mapping.json --dry-run`)
  return 0
}

async function finish({ json, print, talk, options }: Adopting, database: Database): Promise<number> {
  const client = await database.open('adopt finish')
  const held = await ledgerCounts(client)
  const dryRun = options['dry-run'] ?? false
  if (held !== undefined && !dryRun) await dropLedger(client)
  const counts = { ids: held?.ids ?? 0, rejects: held?.rejects ?? 0 }
  if (json) print(JSON.stringify({ finished: held !== undefined && !dryRun, ...(dryRun && { dryRun }), ...counts }))
  else if (held === undefined) print('there was no adoption to finish')
  else {
    const what = `athena_adoption with ${counts.ids} old ids and ${counts.rejects} rejects; what was adopted stays`
    print(dryRun ? `would drop ${what}` : `dropped ${what}`)
  }
  if (dryRun && held !== undefined) talk('next: athena adopt --finish')
  else talk('next: athena search "words to look for" --project NAME')
  return 0
}

function dryRun({ json, print, talk }: Adopting, { survey, left, leftTables }: Prepared): number {
  if (json) print(JSON.stringify({ dryRun: true, ...survey, left, leftTables }))
  else for (const line of [...planLines(survey), ...leftLines({ left, leftTables })]) print(line)
  talk('next: athena adopt, with the same flags and without --dry-run')
  return 0
}

async function result(context: Adopting, sessions: Sessions, origin: Origin, prepared: Prepared): Promise<number> {
  const { json, print, talk, options } = context
  const verified = await verify(sessions.source, sessions.target, origin.schema, prepared.units)
  const { survey, left, leftTables } = prepared
  const rejected = verified.tables.reduce((sum, table) => sum + table.rejected, 0)
  const same = verified.tables.every((table) => table.same)
  const { words, notes } = survey
  if (json) print(JSON.stringify({ ...verified, rejected, same, words, notes, left, leftTables }))
  else for (const line of [...resultLines(verified, survey), ...leftLines({ left, leftTables })]) print(line)
  if (!same) {
    talk('source and store differ: rows were changed or deleted while they were copied, or since')
    talk('Nothing mends them: athena_adoption.ids says which row became which, to put them right in the store by SQL.')
    talk('next: put them right, then athena adopt with the same flags, which compares again')
  } else if (rejected > 0)
    talk('next: SELECT * FROM athena_adoption.rejects WHERE is_row; mend them, or the mapping, then --retry-rejects')
  else talk('next: look around, then athena adopt --finish')
  return same && (rejected === 0 || options['allow-rejects']) ? 0 : 1
}

function refuseOwnSchema(schema: string): void {
  if (!/^athena(_migrations|_adoption)?$/.test(schema)) return
  throw new AthenaError({
    code: 'source_is_ours',
    message: `schema ${schema} is a store of ours, not one to adopt`,
    hint: 'athena copy --from URL --to URL copies a store of ours.',
    exit: 2,
  })
}
