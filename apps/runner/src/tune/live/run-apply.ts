import { AthenaError } from '@athena-pg/database'
import type { Setting } from '@athena-pg/policy'
import { confirm } from '../../confirm.ts'
import type { Context } from '../../context.ts'
import type { applyOptions } from './apply-options.ts'
import { assertRights } from './assert-rights.ts'
import { type Choice, chosenSettings, systemChanges, withoutWayBack } from './choose-changes.ts'
import { identifyServer } from './identify-server.ts'
import { type Look, lookAtServer } from './look-at-server.ts'
import { proveRestart } from './prove-restart.ts'
import { preflight } from './preflight.ts'
import { refusePlatform } from './refuse-platform.ts'
import { applyAsJson, planLines, planScript, resultLines } from './show-apply.ts'
import { diffNotes } from './show-diff.ts'
import { takeTuningLock } from './tuning-lock.ts'
import { readRecords } from './undo-record.ts'
import { unapplied } from './unapplied.ts'
import { carryOut } from './carry-out.ts'
import type { ApplyPlan } from './apply-plan.ts'
import { assertSessionsHold } from '@athena-pg/database'
import { includePath, includeText, readIfThere } from './include-file.ts'

export async function runApply(context: Context<typeof applyOptions>): Promise<number | undefined> {
  const { options, json, print, talk, project } = context
  const database = await context.openDatabase()
  if (database.kind === 'embedded') throw refusePlatform('embedded', undefined).error
  const client = await database.open('tune apply')
  // A role may have limits that suit its queries; none of them is to end this halfway.
  await client.query(
    "SELECT set_config(name, '0', false) FROM pg_catalog.pg_settings WHERE name ~ '^(statement|lock|transaction|idle_session)_timeout$'",
  )
  const look = await lookAtServer(context, client)
  if (look.platform !== undefined) {
    const { lines, error } = refusePlatform(look.platform, look.recommendation)
    if (!json) for (const line of lines) print(line)
    throw error
  }
  const changesNothing = options['dry-run'] || options['show-sql']
  if (!changesNothing) {
    await assertSessionsHold(database, client)
    await takeTuningLock(client)
  }
  const server = await identifyServer(client, database.location)
  const records = readRecords(project, server.system).filter(({ record }) => record.server.address === server.address)
  assertNoneBegun(records[0])
  const choice: Choice = {
    only: options.only === undefined ? undefined : names(options.only),
    skip: options.skip === undefined ? [] : names(options.skip),
    reloadOnly: options['reload-only'] ?? false,
  }
  const chosen = await chosenSettings(look, choice)
  const at = new Date().toISOString()
  const includeFile = options['include-file'] === undefined ? undefined : includePath(options['include-file'])
  const changes =
    includeFile === undefined
      ? systemChanges(
          look,
          chosen,
          records.map(({ record }) => record),
          choice,
        )
      : chosen.map(({ name, value }) => ({ name, before: null, after: value }))
  await assertRights(
    client,
    look.server,
    changes.map(({ name }) => name),
    includeFile === undefined,
  )
  assertWayBack(changes)
  const written = chosen.filter(({ name }) => changes.some((each) => each.name === name))
  const checked = await preflight(client, look.live, written)
  const proof = await restartProof(context, look, written)
  const plan: ApplyPlan = {
    location: database.location,
    changes,
    settings: written,
    file:
      includeFile === undefined
        ? undefined
        : { path: includeFile, before: readIfThere(includeFile), after: includeText(written, at) },
    before: look.before,
    after: look.after(affected(look.settings, written)),
    warnings: [
      ...checked.warnings,
      ...unapplied(look.live, new Set(changes.map(({ name }) => name))).map(
        (each) => `the reload also brings into effect what somebody else wrote: ${each}`,
      ),
    ],
    unchecked: [...checked.unchecked, ...proof],
    notes: diffNotes(look),
  }
  const isDone = plan.file === undefined ? changes.length === 0 : plan.settings.length === 0
  if (options['show-sql']) {
    print(json ? JSON.stringify({ sql: planScript(plan) }) : planScript(plan))
    return 0
  }
  if (!json) for (const line of planLines(plan)) print(line)
  if (!json) for (const note of plan.notes) talk(`note: ${note}`)
  if (options['dry-run'] || isDone) {
    if (json) print(JSON.stringify(applyAsJson(plan, [])))
    else if (!isDone) talk('next: the same without --dry-run')
    return 0
  }
  const where = plan.file === undefined ? `${database.location} by ALTER SYSTEM` : plan.file.path
  await confirm(context, `write ${changes.length} settings of ${where}, and reload the server`)
  const { outcomes, record } = await carryOut(context, database, client, plan, server, at)
  if (json) print(JSON.stringify(applyAsJson(plan, outcomes, record)))
  else {
    for (const line of resultLines(outcomes)) print(line)
    talk(`undo: athena tune apply --rollback (it reads ${record})`)
    if (outcomes.some(({ state }) => state === 'waits for restart'))
      talk('next: restart the server, then athena tune diff')
    else talk('next: athena tune diff')
  }
  return 0
}

function names(given: string): string[] {
  return given
    .split(',')
    .map((name) => name.trim().toLowerCase())
    .filter(Boolean)
}

/** @returns what could not be looked at @throws AthenaError `restart_refused` */
async function restartProof(
  context: Context<typeof applyOptions>,
  look: Look,
  written: readonly Setting[],
): Promise<string[]> {
  if (!written.some(({ takesEffect }) => takesEffect === 'restart')) return []
  const by = await proveRestart(context, look.server.version, look.live, written)
  if (by === undefined)
    return ['whether the server starts with these values together: no PostgreSQL of its version is here to ask']
  context.talk(`${by} would start with the values that need a restart`)
  return []
}

function affected(all: readonly Setting[], written: readonly Setting[]): Setting[] {
  return all.filter(({ name }) => written.some((each) => each.name === name))
}

function assertNoneBegun(latest: ReturnType<typeof readRecords>[number] | undefined): void {
  if (latest?.record.state !== 'begun') return
  throw new AthenaError({
    code: 'apply_unfinished',
    message: 'an earlier athena tune apply on this server did not end',
    detail: `It began at ${latest.record.at}; some of its ${latest.record.changes.length} settings may be written and not in effect (${latest.path}).`,
    hint: 'athena tune apply --rollback brings back what was before it. Then apply again.',
  })
}

function assertWayBack(changes: ApplyPlan['changes']): void {
  const wrong = withoutWayBack(changes)
  if (wrong.length === 0) return
  throw new AthenaError({
    code: 'no_way_back',
    message: 'a present value could not be brought back by ALTER SYSTEM',
    detail: wrong.map(({ name, before }) => `${name} = '${before}' in postgresql.auto.conf`).join('\n'),
    hint: `ALTER SYSTEM RESET it yourself, or --skip ${wrong.map(({ name }) => name).join(',')}. Nothing was changed.`,
  })
}
