import { AthenaError } from '@athena-pg/database'
import { defineCommand } from '../command.ts'
import { applyOptions, applyOutput } from '../tune/live/apply-options.ts'
import { liveFactDetails } from '../tune/live/live-fact-options.ts'

export const command = defineCommand({
  summary: 'Change the settings of a live server to what is recommended, all or none, with a way back',
  details: `Writes what differs by ALTER SYSTEM, reloads, and reads back what became of each setting: in effect, waiting for a restart, or overridden. It restarts nothing. When anything is refused or interrupted, all is brought back. What was before is kept in .athena/tune of the project, from before the first change: --rollback works after a killed apply too.
Under Patroni, CloudNativePG or a managed service it changes nothing, and prints the change to make there.
${liveFactDetails} docs/guides/tuning-a-live-server.md goes through it step by step.`,
  examples: [
    'athena tune apply --memory 16GB --cpus 8 --storage ssd --dry-run',
    'athena tune apply --memory 16GB --cpus 8 --storage ssd --reload-only',
    'athena tune apply --rollback',
  ],
  options: applyOptions,
  output: applyOutput,
  async run(context) {
    const { options } = context
    const misplaced = options.rollback
      ? (['only', 'skip', 'reload-only', 'include-file'] as const).find((name) => options[name] !== undefined)
      : (['record', 'overwrite'] as const).find((name) => options[name] !== undefined)
    if (misplaced !== undefined) {
      throw new AthenaError({
        code: 'malformed_flag',
        message: `--${misplaced} ${options.rollback ? 'does not go' : 'goes'} with --rollback`,
        hint: 'A rollback brings back all that one apply changed: athena tune apply --rollback',
        exit: 2,
      })
    }
    if (options.rollback) return (await import('../tune/live/run-rollback.ts')).runRollback(context)
    return (await import('../tune/live/run-apply.ts')).runApply(context)
  },
})
