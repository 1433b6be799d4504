import { AthenaError } from '@athena-pg/database'
import { didYouMean } from './did-you-mean.ts'
import { allCommands } from './find-command.ts'

/** Whether commands begin with these words, as those of `migrate` do. */
export function isGroup(words: readonly string[]): boolean {
  return allCommands().some((command) => words.every((word, index) => command[index] === word))
}

export async function unknownCommand(words: readonly string[]): Promise<AthenaError> {
  const names = allCommands().map((command) => command.join(' '))
  const group = isGroup(words.slice(0, 1)) ? words.slice(0, 1) : []
  // Operands may follow: only as many words as a name has are compared.
  const typed = words.slice(0, group.length + 1).join(' ')
  return new AthenaError({
    code: 'unknown_command',
    message: `there is no command "athena ${typed}"`,
    detail: `There are: ${names.filter((name) => name.startsWith(group.join(' '))).join(', ')}.`,
    hint: (await didYouMean(typed, names, (name) => `athena ${name}`)) ?? 'athena --help lists the commands.',
    exit: 2,
  })
}
