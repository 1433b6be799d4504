import { AthenaError } from '@athena-pg/database'
import type { Applied } from '@athena-pg/migrator'
import type { Command } from '../command.ts'
import type { Config } from '../config/config.ts'
import type { Context } from '../context.ts'
import { changingFleetOptions } from './options.ts'
import { asAthenaError, type FleetCommand, type Outcome } from './outcome.ts'
import type { FleetTarget } from './read-targets.ts'

/**
 * Runs the command itself on one database, so that nothing which it does for one is left out for many. Its result is collected
 * from what it prints with --json; lines that tell how it goes on are printed at once, with the name in front.
 * @param applied grows with what is done
 */
export async function runTarget(
  name: FleetCommand,
  command: Command,
  context: Context,
  config: Config,
  target: FleetTarget,
  applied: Applied[],
): Promise<Outcome> {
  const printed: string[] = []
  const front = (text: string): string => text.replace(/^/gm, `[${target.name}] `)
  const startedAt = performance.now()
  const own: Record<string, unknown> = { ...context.options, json: true }
  for (const flag of Object.keys(changingFleetOptions)) delete own[flag]
  const alone: Context = {
    ...context,
    options: own as Context['options'],
    json: true,
    isTerminal: false,
    colour: false,
    config: { ...config, variables: { ...config.variables, ...target.variables } },
    watch: {
      line: context.json ? undefined : (line) => context.print(front(line)),
      applied: (item) => void applied.push(item),
    },
    print: (line) => void printed.push(line),
    talk: (line) => {
      // What to type next is said once, at the end.
      if (!line.startsWith('next:')) context.talk(front(line))
    },
    openDatabase: async () => target.database,
  }
  const base = { name: target.name, applied }
  try {
    const exit = (await command.run(alone)) ?? 0
    const answer: unknown = JSON.parse(printed.join('\n'))
    const milliseconds = Math.round(performance.now() - startedAt)
    // `status` alone says by its exit status what it found.
    if (exit === 0 || name === 'status') return { ...base, result: resultOf(answer), answer, milliseconds }
    return { ...base, result: 'failed', error: refused(name, exit), milliseconds }
  } catch (error) {
    const milliseconds = Math.round(performance.now() - startedAt)
    return { ...base, result: 'failed', error: asAthenaError(error), milliseconds }
  } finally {
    await target.database.close().catch(() => undefined)
  }
}

function resultOf(answer: unknown): Outcome['result'] {
  const { state, migrations, functions } = answer as {
    state?: 'up_to_date' | 'pending' | 'drifted'
    migrations?: unknown[]
    functions?: unknown[]
  }
  if (state !== undefined) return state
  if (migrations === undefined) return 'done'
  return migrations.length + (functions?.length ?? 0) > 0 ? 'pending' : 'up_to_date'
}

function refused(name: FleetCommand, exit: number): AthenaError {
  return new AthenaError({
    code: 'refused',
    message: `athena migrate ${name} ended with status ${exit}`,
    hint: `See why: athena migrate ${name} --database-url URL`,
  })
}
