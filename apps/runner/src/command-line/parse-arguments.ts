import { type ParseArgsConfig, parseArgs } from 'node:util'
import { AthenaError } from '@athena-pg/database'
import { type Command, globalOptions, type Options } from '../command.ts'
import type { Given } from '../context.ts'
import { didYouMean } from './did-you-mean.ts'

/**
 * @param usage of the command, for hints: `athena migrate up`
 * @throws AthenaError unknown_flag, malformed_flag, missing_operand, unexpected_operand; exit status 2
 */
export async function parseArguments<O extends Options>(
  command: Command<O>,
  usage: string,
  args: readonly string[],
): Promise<Given<O>> {
  const options: Options = { ...command.options, ...globalOptions }
  const { values, positionals } = await parsed(options, usage, args)
  for (const [name, { negatable }] of Object.entries(options)) {
    if (negatable && values[`no-${name}`] !== undefined) values[name] = false
  }
  if (values.help !== true) await checkOperands(command.operands ?? '', positionals, usage)
  return { options: values as Given<O>['options'], operands: positionals }
}

type Parsed = Record<string, string | boolean | (string | boolean)[] | undefined>

async function parsed(
  options: Options,
  usage: string,
  args: readonly string[],
): Promise<{ values: Parsed; positionals: string[] }> {
  const declared: NonNullable<ParseArgsConfig['options']> = {}
  for (const [name, { type, multiple = false, short, negatable, default: preset }] of Object.entries(options)) {
    declared[name] = { type, multiple, ...(short && { short }), ...(preset !== undefined && { default: preset }) }
    if (negatable) declared[`no-${name}`] = { type: 'boolean' }
  }
  try {
    return parseArgs({ args: [...args], options: declared, allowPositionals: true })
  } catch (error) {
    const { code, message } = error as { code?: string; message: string }
    const [, flag] = /^Unknown option '([^']+)'/.exec(message) ?? []
    if (flag !== undefined) throw await unknownFlag(flag, Object.keys(declared), usage)
    if (!code?.startsWith('ERR_PARSE_ARGS_')) throw error
    throw new AthenaError({
      code: 'malformed_flag',
      message: message.replace(/\n.*/s, '').replace(/^Option/, 'option'),
      hint: `See ${usage} --help`,
      exit: 2,
    })
  }
}

async function unknownFlag(flag: string, known: string[], usage: string): Promise<AthenaError> {
  return new AthenaError({
    code: 'unknown_flag',
    message: `${usage} has no flag ${flag}`,
    hint: (await didYouMean(flag.replace(/^-+/, ''), known, (name) => `--${name}`)) ?? `See ${usage} --help`,
    exit: 2,
  })
}

async function checkOperands(declared: string, given: readonly string[], usage: string): Promise<void> {
  const words = declared.split(' ').filter(Boolean)
  const required = words.filter((word) => !word.startsWith('['))
  const missing = required[given.length]
  if (missing !== undefined) {
    throw new AthenaError({
      code: 'missing_operand',
      message: `${usage} needs ${missing.replace('...', '')}`,
      hint: `Usage: ${usage} ${declared}`,
      exit: 2,
    })
  }
  const surplus = given[words.length]
  if (surplus === undefined || declared.includes('...')) return
  throw new AthenaError({
    code: 'unexpected_operand',
    message: `${usage} does not know what to do with "${surplus}"`,
    hint:
      (await nearestSubcommand(surplus, usage)) ??
      `Usage: ${usage} ${declared || '(no operands)'}; put text of several words in quotes.`,
    exit: 2,
  })
}

/** `athena tune explian`, where `athena tune` is a command and `athena tune explain` another one. */
async function nearestSubcommand(typed: string, usage: string): Promise<string | undefined> {
  const { allCommands } = await import('../find-command.ts')
  const names = allCommands().map((words) => `athena ${words.join(' ')}`)
  const below = names.filter((name) => name.startsWith(`${usage} `)).map((name) => name.slice(usage.length + 1))
  return didYouMean(typed, below, (name) => `${usage} ${name}`)
}
