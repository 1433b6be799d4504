import { AthenaError } from '@athena-pg/database'
import type { RepairTarget } from '@athena-pg/migrator/repair'
import { defineCommand } from '../command.ts'
import { loadConfig } from '../config/config.ts'
import { confirm, yesOption } from '../confirm.ts'
import { malformedFlag } from '../malformed-flag.ts'
import { openForMigrations, packagesOf, targetOf } from '../migrations.ts'
import { change, faultAsJson, faultAsLines, oneLine, repairAsLines, repairOutput } from '../show/repair-report.ts'

export const command = defineCommand({
  summary: 'Correct the ledger where it and the files no longer agree, with a reason that is kept',
  operands: '[MIGRATION...]',
  details: `Without MIGRATION and --all it says what is to be repaired, and how (exit 1 where something is). Nothing but the ledger is written: no statement of a migration is run.
MIGRATION alone: its file was changed after it was applied, or interrupted, and the database has what the file says now. --forget: it counts as not applied. --applied: it was interrupted, and counts as applied whole.`,
  examples: [
    'athena migrate repair',
    'athena migrate repair 20261122090000 --reason "only a comment was changed"',
    'athena migrate repair --forget 20261122090000 --reason "its package was split; see #12"',
    'athena migrate repair --list',
  ],
  options: {
    reason: { type: 'string', value: 'TEXT', description: 'Why the ledger is to say so; kept' },
    all: { type: 'boolean', description: 'Accept every applied file that was changed' },
    forget: {
      type: 'boolean',
      description: 'Strike it: its file is gone, or what its statements did was undone by hand',
    },
    applied: {
      type: 'boolean',
      description: 'It was interrupted, and the rest was done (or put back, on the way down) by hand',
    },
    list: { type: 'boolean', description: 'Print what was repaired: who, when, from, to and why' },
    yes: yesOption,
    'dry-run': { type: 'boolean', description: 'Say what would be changed, and change nothing' },
    'show-sql': { type: 'boolean', description: 'Print the SQL that would be run, and change nothing' },
  },
  output: repairOutput,
  async run(context) {
    const { options, operands, json, print, talk } = context
    const asks = options.list || (operands.length === 0 && !options.all)
    const way = wayOf(options, operands)
    const reason = options.reason?.trim() ?? ''
    if (!asks && reason === '' && !options['dry-run']) throw reasonMissing()
    const config = loadConfig(context)
    const packages = packagesOf(config)
    const { ledgerFaults, planRepair, readRepairs, repair, repairSql } = await import('@athena-pg/migrator/repair')
    const database = await openForMigrations(context)
    const client = await database.open('migrate repair')
    const { variables } = targetOf('up', {}, config, packages)
    const found = await (async () => {
      if (options.list) return { list: await readRepairs(client) }
      if (asks) return { faults: await ledgerFaults(client, packages) }
      return { plan: await planRepair(client, packages, { way, migrations: operands, all: options.all, variables }) }
    })().finally(() => client.end())
    if (found.list !== undefined) {
      if (json) print(JSON.stringify({ repaired: found.list }))
      else if (found.list.length === 0) print('nothing was ever repaired')
      for (const { kind, id, checksumBefore, checksumAfter, reason: why, by, at } of json ? [] : found.list)
        print(`${at.toISOString()}  ${kind} ${id}  ${by}  ${change(checksumBefore, checksumAfter)}: ${oneLine(why)}`)
      return 0
    }
    if (found.faults !== undefined) {
      if (json) print(JSON.stringify({ faults: found.faults.map(faultAsJson) }))
      else if (found.faults.length === 0) print('nothing to repair')
      else for (const fault of found.faults) for (const line of faultAsLines(fault)) print(line)
      return found.faults.length > 0 ? 1 : 0
    }
    const { plan } = found
    const asJson = plan.repairs.map(({ kind, id, checksumBefore, checksumAfter, effects }) => ({
      ...{ kind, id, checksumBefore, checksumAfter },
      effects,
    }))
    if (options['show-sql']) {
      const { createRepairs } = await import('@athena-pg/migrator/repair')
      print(['BEGIN;', createRepairs, ...repairSql(plan, reason), 'COMMIT;'].join('\n'))
      return 0
    }
    if (plan.repairs.length === 0 || options['dry-run']) {
      if (json) print(JSON.stringify(options['dry-run'] ? { planned: asJson } : { repaired: [] }))
      else if (plan.repairs.length === 0) print('nothing to repair')
      else for (const planned of plan.repairs) for (const line of repairAsLines(planned)) print(line)
      return 0
    }
    if (!options.yes) for (const planned of plan.repairs) for (const line of repairAsLines(planned)) talk(line)
    const count = plan.repairs.length
    await confirm(context, `write ${count === 1 ? 'this' : `these ${count}`} into the ledger of ${database.location}`)
    const { reportTo } = await import('../report.ts')
    await repair(database, plan, reason, reportTo(context, json))
    if (json) print(JSON.stringify({ repaired: asJson.map(({ effects: _, ...each }) => ({ ...each, reason })) }))
    else {
      for (const { kind, id, checksumBefore, checksumAfter } of plan.repairs)
        print(`${kind} ${id}  ${change(checksumBefore, checksumAfter)}`)
      talk('next: athena migrate status')
    }
    return 0
  },
})

interface Flags {
  all: boolean | undefined
  forget: boolean | undefined
  applied: boolean | undefined
  list: boolean | undefined
}

function wayOf({ all, forget, applied, list }: Flags, operands: readonly string[]): RepairTarget['way'] {
  const example = 'For example: athena migrate repair --forget 20261122090000 --reason TEXT'
  if (forget && applied) throw malformedFlag('--forget and --applied say the opposite of each other', example)
  if (all && (forget || applied)) throw malformedFlag('--all accepts changed files, and nothing else', example)
  if (all && operands.length > 0)
    throw malformedFlag('--all and MIGRATION exclude each other', 'Leave one of them out.')
  if ((forget || applied) && operands.length === 0)
    throw malformedFlag(`--${forget ? 'forget' : 'applied'} needs to know which migration`, example)
  if (list && (operands.length > 0 || all)) throw malformedFlag('--list repairs nothing', 'Leave the rest out.')
  return forget ? 'forget' : applied ? 'applied' : 'accept'
}

function reasonMissing(): AthenaError {
  return new AthenaError({
    code: 'reason_missing',
    message: 'a repair needs a reason',
    hint: 'Give it for whoever reads it in a year: --reason "only a comment was changed"',
    exit: 2,
  })
}
