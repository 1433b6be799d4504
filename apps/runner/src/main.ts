#!/usr/bin/env node
import { closeOnInterrupt } from './close-on-interrupt.ts'
import { globalOptions, type Options } from './command.ts'
import { parseArguments } from './command-line/parse-arguments.ts'
import { reportError } from './command-line/report-error.ts'
import { type Context, createContext } from './context.ts'
import { commandLength, loadCommand } from './find-command.ts'

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
  const start = leadingFlags(args)
  const flag = args.findIndex((arg, index) => index >= start && arg.startsWith('-'))
  const words = args.slice(start, flag === -1 ? args.length : flag)
  const length = commandLength(words)
  if (length === 0) {
    const { answerWithoutCommand } = await import('./command-line/without-command.ts')
    return answerWithoutCommand(words, args)
  }
  const name = words.slice(0, length)
  const command = await loadCommand(name)
  const rest = [...args.slice(0, start), ...args.slice(start + length)]
  const given = await parseArguments(command, `athena ${name.join(' ')}`, rest)
  if (given.options.help) {
    const { commandPage } = await import('./command-line/help.ts')
    process.stdout.write(`${commandPage(name, command)}\n`)
    return 0
  }
  const context = createContext(given)
  const interrupt = closeOnInterrupt(context)
  try {
    return (await command.run(context as Context)) ?? 0
  } catch (error) {
    // What a command says when its connection is closed under it is not what happened.
    await interrupt.ending()
    throw error
  } finally {
    await context.close()
  }
}

/** How many arguments before the command are global flags and their values: 2 in `athena --database-url URL ping`. */
function leadingFlags(args: readonly string[]): number {
  const options: Options = globalOptions
  let count = 0
  for (let arg = args[0]; arg?.startsWith('--'); arg = args[count]) {
    const option = options[arg.slice(2).replace(/=.*/, '')]
    if (!option) break
    count += option.type === 'string' && !arg.includes('=') ? 2 : 1
  }
  return Math.min(count, args.length)
}
