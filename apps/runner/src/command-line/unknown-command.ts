import { AthenaError } from '@athena-pg/database'
import { allCommands } from '../find-command.ts'
import { didYouMean } from './did-you-mean.ts'

/** Whether commands begin with these words, as those of `migrate` do. */
export function isGroup(words: readonly string[]): boolean {
  return allCommands().some((command) => words.every((word, index) => command[index] === word))
}

export async function unknownCommand(words: readonly string[]): Promise<AthenaError> {
  const commands = allCommands()
  const group = isGroup(words.slice(0, 1)) ? words.slice(0, 1) : []
  const typed = words.slice(0, group.length + 1).join(' ')
  const listed = commands.map((command) => command.join(' ')).filter((name) => name.startsWith(group.join(' ')))
  return new AthenaError({
    code: 'unknown_command',
    message: `there is no command "athena ${typed}"`,
    detail: `There are: ${listed.join(', ')}.`,
    hint: (await nearestCommand(words, commands)) ?? 'athena --help lists the commands.',
    exit: 2,
  })
}

/** Operands may follow, so only as many words as a name has are compared: two first, then one, which may be a group's. */
async function nearestCommand(words: readonly string[], commands: readonly string[][]): Promise<string | undefined> {
  for (const length of [2, 1]) {
    const names = commands
      .filter((command) => command.length >= length)
      .map((command) => command.slice(0, length).join(' '))
    const hint = await didYouMean(words.slice(0, length).join(' '), names, (name) => `athena ${name}`)
    if (hint !== undefined) return hint
  }
  return undefined
}
