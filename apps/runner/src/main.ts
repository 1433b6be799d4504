#!/usr/bin/env node
import { AthenaError } from '@athena-pg/database'
import type { Context } from './context.ts'
import { createContext } from './context.ts'
import { commandLength, loadCommand } from './find-command.ts'
import { parseArguments } from './parse-arguments.ts'
import { reportError } from './report-error.ts'

// A reader that has seen enough (`athena search … | head -1`) is no reason to stop in mid-work.
for (const stream of [process.stdout, process.stderr]) {
  stream.on('error', (error: NodeJS.ErrnoException) => {
    if (error.code !== 'EPIPE') throw error
  })
}

// pnpm 12 hands on the `--` of `pnpm athena -- migrate up`.
const args = process.argv[2] === '--' ? process.argv.slice(3) : process.argv.slice(2)

try {
  process.exitCode = await run(args)
} catch (error) {
  process.exitCode = reportError(error, args.includes('--json'))
}

async function run(args: readonly string[]): Promise<number> {
  const words = args.slice(0, wordCount(args))
  const length = commandLength(words)
  if (length === 0) return withoutCommand(words, args)
  const name = words.slice(0, length)
  const command = await loadCommand(name)
  const given = await parseArguments(command, `athena ${name.join(' ')}`, args.slice(length))
  if (given.options.help) {
    const { commandPage } = await import('./help.ts')
    process.stdout.write(`${commandPage(name, command)}\n`)
    return 0
  }
  const context = createContext(given)
  closeOnInterrupt(context)
  try {
    return (await command.run(context as Context)) ?? 0
  } finally {
    await context.close()
  }
}

/** A command is named before its flags; `athena --json ping` would make the value of a flag look like one. */
function wordCount(args: readonly string[]): number {
  const flag = args.findIndex((arg) => arg.startsWith('-'))
  return flag === -1 ? args.length : flag
}

async function withoutCommand(words: readonly string[], args: readonly string[]): Promise<number> {
  const { commandPage, listPage } = await import('./help.ts')
  if (args[0] === '--version' || args[0] === '-V') {
    const { default: manifest } = await import('../package.json', { with: { type: 'json' } })
    process.stdout.write(`${manifest.version}\n`)
    return 0
  }
  const asked = words[0] === 'help' ? words.slice(1) : words
  if (words[0] === 'help' && asked.length > 0 && commandLength(asked) === asked.length) {
    process.stdout.write(`${commandPage(asked, await loadCommand(asked))}\n`)
    return 0
  }
  const { unknownCommand, isGroup } = await import('./unknown-command.ts')
  const helpWanted = words[0] === 'help' || args.length === 0 || args.includes('--help') || args.includes('-h')
  if (asked.length > 0 && !isGroup(asked)) throw await unknownCommand(asked)
  if (asked.length === 0 && !helpWanted) {
    throw new AthenaError({
      code: 'missing_command',
      message: `a command is named before its flags, and "${args[0]}" comes first`,
      hint: 'athena --help lists the commands.',
      exit: 2,
    })
  }
  process.stdout.write(`${await listPage(asked)}\n`)
  return helpWanted ? 0 : 2
}

/** The first interrupt ends sessions and releases the embedded database; a second one does not wait for that. */
function closeOnInterrupt(context: { close(): Promise<void> }): void {
  const statusOf = { SIGINT: 130, SIGTERM: 143 } as const
  for (const signal of ['SIGINT', 'SIGTERM'] as const) {
    process.once(signal, () => {
      process.once(signal, () => process.exit(statusOf[signal]))
      void context.close().finally(() => process.exit(statusOf[signal]))
    })
  }
}
