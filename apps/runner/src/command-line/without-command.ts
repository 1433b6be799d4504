import { AthenaError } from '@athena-pg/database'
import { commandLength, loadCommand } from '../find-command.ts'
import { commandPage, listPage } from './help.ts'
import { isGroup, unknownCommand } from './unknown-command.ts'

/**
 * `athena`, `athena --version`, `athena --help`, `athena help migrate up`, `athena migrate`.
 * @returns the exit status
 * @throws AthenaError unknown_command, unknown_flag
 */
export async function answerWithoutCommand(words: readonly string[], args: readonly string[]): Promise<number> {
  if (args[0] === '--version') {
    const { default: manifest } = await import('../../package.json', { with: { type: 'json' } })
    process.stdout.write(`${manifest.version}\n`)
    return 0
  }
  const asksHelp = words[0] === 'help' || args.length === 0 || args.includes('--help') || args.includes('-h')
  const asked = words[0] === 'help' ? words.slice(1) : words
  if (asked.length > 0 && commandLength(asked) === asked.length) {
    process.stdout.write(`${commandPage(asked, await loadCommand(asked))}\n`)
    return 0
  }
  if (asked.length > 0 && !isGroup(asked)) throw await unknownCommand(asked)
  if (asked.length === 0 && !asksHelp) {
    throw new AthenaError({
      code: 'missing_command',
      message: `no command was given, only ${args[0]}`,
      hint: 'athena --help lists the commands.',
      exit: 2,
    })
  }
  const page = `${await listPage(asked)}\n`
  if (asksHelp) process.stdout.write(page)
  else process.stderr.write(page)
  return asksHelp ? 0 : 2
}
