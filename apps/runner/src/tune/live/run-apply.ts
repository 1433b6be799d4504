import { AthenaError, describe } from '@athena-pg/database'
import type pg from 'pg'
import { confirm } from '../../confirm.ts'
import type { Context } from '../../context.ts'
import type { applyOptions } from './apply-options.ts'
import type { ApplyPlan } from './apply-plan.ts'
import { carryOut } from './carry-out.ts'
import { identifyServer } from './identify-server.ts'
import { readIfThere } from './include-file.ts'
import { autoConf } from './live-setting.ts'
import { lookAtServer, openServer } from './look-at-server.ts'
import { makePlan } from './make-plan.ts'
import { platformOf } from './platform.ts'
import { readFiles } from './read-settings.ts'
import { refusePlatform } from './refuse-platform.ts'
import { applyAsJson, planLines, planScript, resultLines } from './show-apply.ts'
import { holdOthersOff } from './tuning-lock.ts'
import { readRecords, type StoredRecord } from './undo-record.ts'
import { visible } from './visible.ts'

type ApplyContext = Context<typeof applyOptions>

/** @throws AthenaError of everything that keeps it from writing, and of what went wrong when it did: then all is as before */
export async function runApply(context: ApplyContext): Promise<number> {
  const { options, json, print, talk, project } = context
  const database = await openServer(context)
  const client = await database.open('tune apply')
  await assertOurServer(context, client)
  if (!options['dry-run'] && !options['show-sql']) await holdOthersOff(database, client)
  // Only now: what is read is what will be changed.
  const look = await lookAtServer(context, client)
  const server = await identifyServer(client, database.location)
  const records = readRecords(project, server.system).filter(({ record }) => record.server.address === server.address)
  assertNoneBegun(records[0])
  const at = new Date().toISOString()
  const earlier = records.map(({ record }) => record)
  const plan = await makePlan(context, client, look, database.location, earlier, at)
  if (options['show-sql']) {
    print(json ? JSON.stringify({ sql: planScript(plan) }) : planScript(plan))
    return 0
  }
  if (!json) for (const line of planLines(plan)) print(line)
  if (!json) for (const note of plan.notes) talk(`note: ${visible(note)}`)
  if (options['dry-run'] || plan.changes.length === 0) {
    if (json) print(JSON.stringify(applyAsJson(plan, [])))
    else if (plan.changes.length > 0) talk('next: the same without --dry-run')
    return 0
  }
  const where = plan.file === undefined ? `${database.location} by ALTER SYSTEM` : plan.file.path
  await confirm(context, `write ${plan.changes.length} settings of ${where}, and reload the server`)
  await assertUnchanged(client, plan)
  const { outcomes, record } = await carryOut(context, database, client, plan, server, at)
  if (json) {
    print(JSON.stringify(applyAsJson(plan, outcomes, record)))
    return 0
  }
  for (const line of resultLines(outcomes)) print(line)
  talk(`undo: athena tune apply --rollback (it reads ${record})`)
  const waits = outcomes.some(({ state }) => state === 'waits for restart')
  talk(waits ? 'next: restart the server, which ends all sessions, then athena tune diff' : 'next: athena tune diff')
  return 0
}

/** Prints the right change where somebody else keeps the settings. @throws AthenaError `settings_managed_elsewhere` */
async function assertOurServer(context: ApplyContext, client: pg.ClientBase): Promise<void> {
  const platform = await platformOf(client, await describe(client))
  if (platform === undefined) return
  const { recommendation } = await lookAtServer(context, client)
  const { lines, error } = refusePlatform(platform, recommendation)
  if (!context.json) for (const line of lines) context.print(line)
  throw error
}

function assertNoneBegun(latest: StoredRecord | undefined): void {
  if (latest?.record.state !== 'begun') return
  throw new AthenaError({
    code: 'apply_unfinished',
    message: 'an earlier athena tune apply on this server did not end',
    detail: `It began at ${latest.record.at}; some of its ${latest.record.changes.length} settings may be written and not in effect (${latest.path}).`,
    hint: 'athena tune apply --rollback brings back what was before it. Then apply again.',
  })
}

/** A person may think about the question for a while, and others work on. @throws AthenaError `changed_meanwhile` */
async function assertUnchanged(client: pg.ClientBase, { changes, file }: ApplyPlan): Promise<void> {
  const present = autoConf((await readFiles(client)) ?? [])
  const changed =
    file === undefined
      ? changes.filter(({ name, before }) => (present.get(name) ?? null) !== before).map(({ name }) => name)
      : readIfThere(file.path) === file.before
        ? []
        : [file.path]
  if (changed.length === 0) return
  throw new AthenaError({
    code: 'changed_meanwhile',
    message: 'somebody else has changed what was to be changed',
    detail: `Since the question was asked: ${changed.join(', ')}. Nothing was changed by this.`,
    hint: 'Run it again, and look at what it would do now.',
  })
}
