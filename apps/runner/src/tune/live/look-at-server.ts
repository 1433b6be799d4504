import { type Database, describe, type ServerDescription } from '@athena-pg/database'
import { budget, type Get, type MemoryBudget, type Recommendation, recommend, type Setting } from '@athena-pg/policy'
import type pg from 'pg'
import type { Context } from '../../context.ts'
import { type FactContext, type factOptions, readFacts } from '../options.ts'
import { type Comparison, compareSettings } from './compare-settings.ts'
import { fitToServer, type Held, type Kept, readHeld } from './keep-settings.ts'
import { liveGet } from './live-get.ts'
import type { LiveSettings } from './live-setting.ts'
import { type Platform, platformOf } from './platform.ts'
import { readSettings } from './read-settings.ts'
import { refusePlatform } from './refuse-platform.ts'

/** A server beside what is recommended for it. */
export interface Look {
  readonly server: ServerDescription
  readonly platform: Platform | undefined
  readonly recommendation: Recommendation
  /** What was recommended, without what this server must keep. */
  readonly settings: readonly Setting[]
  readonly kept: readonly Kept[]
  readonly live: LiveSettings
  readonly held: Held
  readonly comparison: Comparison
  /** Worst case of the settings that are in effect. */
  readonly before: MemoryBudget
  /** Worst case once these settings are in effect, the others as they are. */
  after(settings: readonly Setting[]): MemoryBudget
}

export type LookContext = Omit<FactContext, 'options'> & {
  readonly options: Omit<Context<typeof factOptions>['options'], 'from-server'>
}

/** @throws AthenaError embedded_not_tunable, before an embedded database is made only to be refused */
export async function openServer(context: Pick<Context, 'embeddedFolder' | 'openDatabase'>): Promise<Database> {
  if (context.embeddedFolder !== undefined) throw refusePlatform('embedded', undefined).error
  return context.openDatabase()
}

/** Read-only. @throws AthenaError, PolicyError: those of readFacts and recommend */
export async function lookAtServer(context: LookContext, client: pg.ClientBase): Promise<Look> {
  const server = await describe(client)
  const platform = await platformOf(client, server)
  const { facts } = await readFacts({ ...context, options: { ...context.options, 'from-server': true } })
  const recommendation = recommend(facts)
  const names = recommendation.settings.map(({ name }) => name)
  const live = await readSettings(client, names)
  const held = await readHeld(client)
  const { settings, kept } = fitToServer(recommendation.settings, live, held)
  const present = liveGet(live, facts.postgres.version)
  return {
    server,
    platform,
    recommendation,
    settings,
    kept,
    live,
    held,
    comparison: compareSettings(settings, live),
    before: budget(facts, present),
    after: (changed) => budget(facts, overlaid(changed, present)),
  }
}

function overlaid(settings: readonly Setting[], present: Get): Get {
  const amounts = new Map(settings.map(({ name, amount }) => [name, amount]))
  return {
    number: (name) => (amounts.has(name) ? Number(amounts.get(name)) : present.number(name)),
    text: (name) => (amounts.has(name) ? String(amounts.get(name)) : present.text(name)),
    flag: (name) => (amounts.has(name) ? amounts.get(name) === true : present.flag(name)),
  }
}
